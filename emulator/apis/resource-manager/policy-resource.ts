import type { Cloud } from "../../core/cloud.ts";
import { int32, message, readBody } from "../../core/message.ts";
import { permissionDetails } from "../../core/access.ts";
import { GoogleError } from "../../core/google-error.ts";
import { hasPermission, listChangedRoles } from "../../core/policy.ts";
import type { PolicyResource } from "../../core/policy-routes.ts";
import { UPDATE_DENIED } from "./access.ts";

const GET_IAM_POLICY = message({
  options: message({ requestedPolicyVersion: int32 }),
});

const SET_IAM_POLICY = "resourcemanager.projects.setIamPolicy";

export function policyResource(
  cloud: Cloud,
  version: "v1" | "v3",
): PolicyResource {
  return {
    collection: `/${version}/projects`,
    method: "POST",
    async readVersion(c) {
      const { options } = await readBody(c, GET_IAM_POLICY);
      return options?.requestedPolicyVersion ?? 0;
    },
    rules: { takesRole: () => true, takesPublic: false },
    requireChange(c, from, to) {
      const changed = listChangedRoles(from, to);
      const { caller } = c.var;
      if (hasPermission([from], caller, SET_IAM_POLICY, changed)) return;
      throw new GoogleError(
        "PERMISSION_DENIED",
        UPDATE_DENIED,
        permissionDetails(
          SET_IAM_POLICY,
          c.req.path.replace(/^.*projects/, "projects"),
        ),
      );
    },
    find: (_c, id) => ({ resource: cloud.project(id), above: [] }),
  };
}
