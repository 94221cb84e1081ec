import type { Cloud } from "../../core/cloud.ts";
import { int32, message, readBody } from "../../core/message.ts";
import type { PolicyResource } from "../../core/policy-routes.ts";

const GET_IAM_POLICY = message({
  options: message({ requestedPolicyVersion: int32 }),
});

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
    find: (_c, id) => ({ resource: cloud.project(id), above: [] }),
  };
}
