import type { Cloud } from "../../core/cloud.ts";
import type { PolicyResource } from "../../core/policy-routes.ts";
import { findSecret } from "./find-secret.ts";

export function policyResource(cloud: Cloud): PolicyResource {
  return {
    collection: "/v1/projects/:project/secrets",
    method: "GET",
    rules: {
      takesRole: (role) => role.startsWith("roles/secretmanager."),
      takesPublic: false,
    },
    find(c, id) {
      const found = findSecret(cloud, c.req.param("project") ?? "", id);
      return { resource: found.secret, above: [found.project.policy] };
    },
  };
}
