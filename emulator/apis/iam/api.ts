import { Hono } from "hono";
import {
  type Api,
  type ApiEnv,
  withVerb,
  withoutVerb,
} from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { list, message, readBody, string } from "../../core/message.ts";
import { hasPermission, showPolicy } from "../../core/policy.ts";
import {
  type PolicyRules,
  readNewPolicy,
  readRequestedVersion,
} from "../../core/policy-request.ts";
import { addAccountRoutes, addStateRoutes } from "./account-routes.ts";
import { findAccount } from "./find-account.ts";

const RULES: PolicyRules = {
  takesRole: (role) => role.startsWith("roles/iam."),
  takesPublic: false,
};

const TEST_IAM_PERMISSIONS = message({ permissions: list(string) });

/** Service accounts and who may use them. */
export function iamApi(cloud: Cloud): Api {
  const routes = new Hono<ApiEnv>();
  addStateRoutes(routes, cloud);
  addPolicyRoutes(routes, cloud);
  addAccountRoutes(routes, cloud);
  return {
    service: "iam.googleapis.com",
    title: "Identity and Access Management (IAM) API",
    hosts: /^iam\.googleapis\.com$/,
    routes,
  };
}

function addPolicyRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  const path = <Verb extends string>(verb: Verb) =>
    `/v1/projects/:project/serviceAccounts/${withVerb("account", verb)}` as const;
  routes.post(path("getIamPolicy"), (c) => {
    const { project, account: element } = c.req.param();
    const { account } = findAccount(cloud, project, withoutVerb(element));
    return c.json(showPolicy(account.policy, readRequestedVersion(c)));
  });
  routes.post(path("setIamPolicy"), async (c) => {
    const { project, account: element } = c.req.param();
    const { account } = findAccount(cloud, project, withoutVerb(element));
    account.policy = await readNewPolicy(c, cloud, account.policy, RULES);
    return c.json(showPolicy(account.policy, 3));
  });
  routes.post(path("testIamPermissions"), async (c) => {
    const { project: id, account: element } = c.req.param();
    const found = findAccount(cloud, id, withoutVerb(element));
    const { permissions = [] } = await readBody(c, TEST_IAM_PERMISSIONS);
    const policies = [found.account.policy, found.project.policy];
    const held = permissions.filter((permission) =>
      hasPermission(policies, c.var.caller, permission),
    );
    return c.json({ ...(held.length > 0 && { permissions: held }) });
  });
}
