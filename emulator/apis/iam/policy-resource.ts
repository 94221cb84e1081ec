import type { Cloud } from "../../core/cloud.ts";
import type { PolicyResource } from "../../core/policy-routes.ts";
import { findAccount } from "./find-account.ts";

export function policyResource(cloud: Cloud): PolicyResource {
  return {
    collection: "/v1/projects/:project/serviceAccounts",
    method: "POST",
    rules: {
      takesRole: (role) => role.startsWith("roles/iam."),
      takesPublic: false,
    },
    find(c, name) {
      const found = findAccount(cloud, c.req.param("project") ?? "", name);
      return { resource: found.account, above: [found.project.policy] };
    },
  };
}
