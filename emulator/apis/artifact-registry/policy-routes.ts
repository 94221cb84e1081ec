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
import { openRepository, projectOf } from "./repository.ts";
import { TEST_IAM_PERMISSIONS } from "./requests.ts";

const RULES: PolicyRules = {
  takesRole: (role) => role.startsWith("roles/artifactregistry."),
  takesPublic: true,
};

export function addPolicyRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  const path = <Verb extends string>(verb: Verb) =>
    `/v1/projects/:project/locations/:location/repositories/${withVerb("repository", verb)}` as const;
  const nameOf = (param: {
    project: string;
    location: string;
    repository: string;
  }) =>
    `projects/${param.project}/locations/${param.location}/repositories/${withoutVerb(param.repository)}`;
  routes.get(path("getIamPolicy"), (c) => {
    const permission = "artifactregistry.repositories.getIamPolicy";
    const name = nameOf(c.req.param());
    const found = openRepository(cloud, name, c.var.caller, permission);
    return c.json(showPolicy(found.policy, readRequestedVersion(c)));
  });
  routes.post(path("setIamPolicy"), async (c) => {
    const permission = "artifactregistry.repositories.setIamPolicy";
    const name = nameOf(c.req.param());
    const found = openRepository(cloud, name, c.var.caller, permission);
    found.policy = await readNewPolicy(c, cloud, found.policy, RULES);
    return c.json(showPolicy(found.policy, 3));
  });
  routes.post(path("testIamPermissions"), async (c) => {
    const { caller } = c.var;
    const name = nameOf(c.req.param());
    const permission = "artifactregistry.repositories.get";
    const found = openRepository(cloud, name, caller, permission);
    const policies = [found.policy, projectOf(cloud, found).policy];
    const { permissions = [] } = await readBody(c, TEST_IAM_PERMISSIONS);
    const held = permissions.filter((one) =>
      hasPermission(policies, caller, one),
    );
    return c.json({ ...(held.length > 0 && { permissions: held }) });
  });
}
