import type { Hono } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { type Policy, hasPermission, showPolicy } from "../../core/policy.ts";
import {
  type PolicyRules,
  readPlainPolicy,
} from "../../core/policy-request.ts";
import { requireKnownParameters } from "../../core/query.ts";
import { openBucket, projectOf } from "./access.ts";
import type { Bucket } from "./state.ts";

const RULES: PolicyRules = {
  takesRole: (role) => role.startsWith("roles/storage."),
  takesPublic: true,
};

export function addPolicyRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  const path = "/storage/v1/b/:bucket/iam";
  routes.get(path, (c) => {
    requireKnownParameters(c, ["optionsRequestedPolicyVersion", "userProject"]);
    const permission = "storage.buckets.getIamPolicy";
    const bucket = openBucket(
      cloud,
      c.req.param("bucket"),
      c.var.caller,
      permission,
    );
    const version = Number(c.req.query("optionsRequestedPolicyVersion") ?? 0);
    return c.json(toPolicy(bucket, bucket.policy, version));
  });
  routes.put(path, async (c) => {
    const permission = "storage.buckets.setIamPolicy";
    const bucket = openBucket(
      cloud,
      c.req.param("bucket"),
      c.var.caller,
      permission,
    );
    bucket.policy = await readPlainPolicy(c, cloud, bucket.policy, RULES);
    return c.json(toPolicy(bucket, bucket.policy, 3));
  });
  routes.get(`${path}/testPermissions`, (c) => {
    requireKnownParameters(c, ["permissions", "userProject"]);
    const { caller } = c.var;
    const bucket = openBucket(
      cloud,
      c.req.param("bucket"),
      caller,
      "storage.buckets.get",
    );
    const policies = [bucket.policy, projectOf(cloud, bucket).policy];
    const permissions = (c.req.queries("permissions") ?? []).filter(
      (permission) => hasPermission(policies, caller, permission),
    );
    return c.json({ kind: "storage#testIamPermissionsResponse", permissions });
  });
}

function toPolicy({ name }: Bucket, policy: Policy, version: number): object {
  return {
    kind: "storage#policy",
    resourceId: `projects/_/buckets/${name}`,
    ...showPolicy(policy, version),
  };
}
