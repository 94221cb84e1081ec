import { Hono } from "hono";
import {
  type Api,
  type ApiEnv,
  withVerb,
  withoutVerb,
} from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { hasPermission } from "../../core/policy.ts";
import { type PolicyRule, orgPolicyOf } from "./state.ts";

const PERMISSION = "orgpolicy.policy.get";

/**
 * What holds where nobody set a policy (docs, "Organization policy constraints"):
 * a list constraint allows all, a managed one is not enforced.
 */
const DEFAULTS: Readonly<Record<string, PolicyRule>> = {
  "gcp.resourceLocations": { allowAll: true },
  "iam.allowedPolicyMemberDomains": { allowAll: true },
  "run.allowedIngress": { allowAll: true },
  "run.managed.requireInvokerIam": { enforce: false },
};

/** The policies that hold in a project: read only, and for four constraints. It tells them, the other APIs do not obey them. */
export function orgPolicyApi(cloud: Cloud): Api {
  const routes = new Hono<ApiEnv>();
  routes.get(
    `/v2/projects/:project/policies/${withVerb("constraint", "getEffectivePolicy")}`,
    (c) => {
      const project = cloud.project(c.req.param("project"));
      const constraint = withoutVerb(c.req.param("constraint"));
      const name = `projects/${project.projectNumber}/policies/${constraint}`;
      if (!hasPermission([project.policy], c.var.caller, PERMISSION)) {
        throw new GoogleError(
          "PERMISSION_DENIED",
          `Permission '${PERMISSION}' denied on resource '//orgpolicy.googleapis.com/${name}' (or it may not exist).`,
        );
      }
      const byDefault = DEFAULTS[constraint];
      if (byDefault === undefined) {
        throw new GoogleError(
          "NOT_FOUND",
          `The emulated Google Cloud does not cover the constraint ${constraint}.`,
        );
      }
      const rules = orgPolicyOf(project).rules.get(constraint) ?? [byDefault];
      return c.json({ name, spec: { rules } });
    },
  );
  return {
    service: "orgpolicy.googleapis.com",
    title: "Organization Policy API",
    hosts: /^orgpolicy\.googleapis\.com$/,
    routes,
  };
}
