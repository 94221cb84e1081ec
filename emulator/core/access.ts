import type { Cloud, Member, Project } from "./cloud.ts";
import { type ErrorDetail, GoogleError } from "./google-error.ts";
import { type Policy, hasPermission } from "./policy.ts";
import { PROJECT_ID } from "./project-id.ts";

/** What a request is about. */
export interface Requested {
  /** `services/*:setIamPolicy`: without project and location, ids as asterisks; `project` for the project itself. */
  pattern: string;
  /** `projects/P/locations/L/services/S`, without a verb. */
  resource: string;
  /** Undefined where there is none such. */
  project: Project | undefined;
  caller: Member;
}

/** Which permission each method of an API needs of its caller. */
export interface Access {
  /** `GET services/*` → `run.services.get`; `null` where the route itself checks, or nobody is asked. */
  permissions: Readonly<Record<string, string | null>>;
  /** The policies that count beside that of the project in the path. */
  policies?: (requested: Requested) => (Policy | undefined)[];
  /** In the API's own words. */
  denied: (permission: string, requested: Requested) => string;
  /** In place of the permission's name, where Google gives another reason. */
  details?: (permission: string, requested: Requested) => ErrorDetail[];
}

/** Throws PERMISSION_DENIED, for what is not there too: who may not see something does not learn whether it exists. */
export function requireAccess(
  cloud: Cloud,
  access: Access,
  method: string,
  path: string,
  caller: Member,
): void {
  const requested = toRequested(cloud, path, caller);
  const permission = access.permissions[`${method} ${requested.pattern}`];
  if (permission === undefined) {
    throw new Error(`no permission is set for ${method} ${requested.pattern}`);
  }
  if (permission === null) return;
  const policies = [
    requested.project?.policy,
    ...(access.policies?.(requested) ?? []),
  ];
  const known = policies.filter((policy) => policy !== undefined);
  if (hasPermission(known, caller, permission)) return;
  throw new GoogleError(
    "PERMISSION_DENIED",
    access.denied(permission, requested),
    access.details?.(permission, requested) ??
      permissionDetails(permission, requested.resource),
  );
}

/** How Google says in an error which permission it missed, whatever the text says. */
export function permissionDetails(
  permission: string,
  resource: string,
): ErrorDetail[] {
  return [
    {
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      reason: "IAM_PERMISSION_DENIED",
      domain: "iam.googleapis.com",
      metadata: { permission, resource },
    },
  ];
}

/** A project itself: what follows its colon is no verb. */
const PROJECT = new RegExp(`^projects/${PROJECT_ID}$`);

/** Of a path such as `/v1/projects/P/locations/L/services/S:setIamPolicy`, or of Knative's. */
function toRequested(cloud: Cloud, path: string, caller: Member): Requested {
  const decoded = decodeURIComponent(path);
  const full = decoded.replace(/^\/(apis\/[^/]+\/)?v\d\w*\//, "");
  const [, resource = full, verb = ""] = PROJECT.test(full)
    ? [full, full]
    : (/^(.*?)(:\w+)?$/.exec(full) ?? []);
  const named =
    /^(?:projects|namespaces)\/([^/]+)(?:\/locations\/[^/]+)?(?:\/(.+))?$/.exec(
      resource,
    );
  const [, id = "", rest] = named ?? [];
  const below = named === null ? resource : (rest ?? "project");
  return {
    pattern: `${withoutIds(below)}${verb}`,
    resource,
    project: cloud.findProject(id),
    caller,
  };
}

/** `secrets/*` of `secrets/S`: collections and ids take turns. */
function withoutIds(path: string): string {
  return path
    .split("/")
    .map((element, index) => (index % 2 === 0 ? element : "*"))
    .join("/");
}
