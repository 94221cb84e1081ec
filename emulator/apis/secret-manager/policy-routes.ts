import type { Hono } from "hono";
import { type ApiEnv, withVerb, withoutVerb } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { readBody } from "../../core/message.ts";
import { hasPermission, showPolicy } from "../../core/policy.ts";
import {
  type PolicyRules,
  readNewPolicy,
  readRequestedVersion,
} from "../../core/policy-request.ts";
import { findSecret } from "./find-secret.ts";
import { TEST_IAM_PERMISSIONS } from "./requests.ts";

const RULES: PolicyRules = {
  takesRole: (role) => role.startsWith("roles/secretmanager."),
  takesPublic: false,
};

export function addPolicyRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  const path = <Verb extends string>(verb: Verb) =>
    `/v1/projects/:project/secrets/${withVerb("secret", verb)}` as const;
  routes.get(path("getIamPolicy"), (c) => {
    const { project, secret: element } = c.req.param();
    const { secret } = findSecret(cloud, project, withoutVerb(element));
    return c.json(showPolicy(secret.policy, readRequestedVersion(c)));
  });
  routes.post(path("setIamPolicy"), async (c) => {
    const { project, secret: element } = c.req.param();
    const { secret } = findSecret(cloud, project, withoutVerb(element));
    secret.policy = await readNewPolicy(c, cloud, secret.policy, RULES);
    return c.json(showPolicy(secret.policy, 3));
  });
  routes.post(path("testIamPermissions"), async (c) => {
    const { project: id, secret: element } = c.req.param();
    const { project, secret } = findSecret(cloud, id, withoutVerb(element));
    const { permissions = [] } = await readBody(c, TEST_IAM_PERMISSIONS);
    const policies = [secret.policy, project.policy];
    const held = permissions.filter((permission) =>
      hasPermission(policies, c.var.caller, permission),
    );
    return c.json({ ...(held.length > 0 && { permissions: held }) });
  });
}
