import type { Api } from "./api.ts";
import type { Cloud, Member, Project } from "./cloud.ts";
import { GoogleError } from "./google-error.ts";
import { hasPermission } from "./policy.ts";
import { PROJECT_ID } from "./project-id.ts";

const NAMED = new RegExp(`/(?:projects|namespaces)/(${PROJECT_ID})`);

/** Throws as Google does when the project of the request, or the one it is billed to, did not enable the API. */
export function requireEnabled(
  cloud: Cloud,
  api: Pick<Api, "service" | "title" | "alwaysEnabled" | "needsBilling">,
  path: string,
  quotaProject: string | undefined,
): void {
  if (api.alwaysEnabled) return;
  const named = NAMED.exec(decodeURIComponent(path))?.[1];
  for (const id of [named, quotaProject]) {
    const project = id ? cloud.findProject(id) : undefined;
    if (project === undefined) continue;
    if (!cloud.isEnabled(project, api.service)) throw disabled(api, project);
    if (api.needsBilling && !project.billingEnabled) throw unbilled(project);
  }
}

/** The error that Google answers with while an API is not enabled. */
export function disabled(
  api: Pick<Api, "service" | "title">,
  project: Project,
): GoogleError {
  const { projectId, projectNumber } = project;
  const activation = `https://console.developers.google.com/apis/api/${api.service}/overview?project=${projectId}`;
  return new GoogleError(
    "PERMISSION_DENIED",
    `${api.title} has not been used in project ${projectId} before or it is disabled. Enable it by visiting ${activation} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`,
    [
      {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        reason: "SERVICE_DISABLED",
        domain: "googleapis.com",
        metadata: {
          service: api.service,
          serviceTitle: api.title,
          consumer: `projects/${projectId}`,
          containerInfo: projectNumber,
          activationUrl: activation,
        },
      },
      {
        "@type": "type.googleapis.com/google.rpc.LocalizedMessage",
        locale: "en-US",
        message: `${api.title} has not been used in project ${projectId} before or it is disabled. Enable it by visiting ${activation} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`,
      },
      {
        "@type": "type.googleapis.com/google.rpc.Help",
        links: [
          {
            description: "Google developers console API activation",
            url: activation,
          },
        ],
      },
    ],
  );
}

function unbilled({ projectNumber }: Project): GoogleError {
  return new GoogleError(
    "PERMISSION_DENIED",
    `This API method requires billing to be enabled. Please enable billing on project #${projectNumber} by visiting https://console.developers.google.com/billing/enable?project=${projectNumber} then retry. If you enabled billing for this project recently, wait a few minutes for the action to propagate to our systems and retry.`,
    [
      {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        reason: "BILLING_DISABLED",
        domain: "googleapis.com",
        metadata: { consumer: `projects/${projectNumber}` },
      },
    ],
  );
}

/** Throws unless the caller may have the project billed. A caller with a key of its own, and no token, is not asked. */
export function requireUsable(
  cloud: Cloud,
  id: string,
  caller: Member | undefined,
): void {
  const project = cloud.findProject(id);
  const permission = "serviceusage.services.use";
  const usable =
    project !== undefined &&
    (caller === undefined ||
      hasPermission([project.policy], caller, permission));
  if (usable) return;
  throw new GoogleError(
    "PERMISSION_DENIED",
    `Caller does not have required permission to use project ${id}. Grant the caller the roles/serviceusage.serviceUsageConsumer role, or a custom role with the serviceusage.services.use permission, by visiting https://console.developers.google.com/iam-admin/iam/project?project=${id} and then retry. Propagation of the new permission may take a few minutes.`,
    [
      {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        reason: "USER_PROJECT_DENIED",
        domain: "googleapis.com",
        metadata: { consumer: `projects/${id}`, containerInfo: id },
      },
    ],
  );
}
