import type { Context, Hono } from "hono";
import { type ApiEnv, withVerb, withoutVerb } from "./api.ts";
import type { Cloud } from "./cloud.ts";
import { list, message, readBody, string } from "./message.ts";
import { type Policy, hasPermission, showPolicy } from "./policy.ts";
import {
  type PolicyRules,
  readNewPolicy,
  readRequestedVersion,
} from "./policy-request.ts";

export type PolicyVerb = "getIamPolicy" | "setIamPolicy" | "testIamPermissions";

/** What has a policy, and the policies of what it lies in. */
export interface PolicyHolder {
  resource: { policy: Policy };
  above: readonly Policy[];
}

export interface PolicyResource {
  /** Of the resources, e.g. `/v1/projects/:project/secrets`. */
  collection: string;
  rules: PolicyRules;
  /** How `getIamPolicy` is asked. */
  method: "GET" | "POST";
  /** Where `getIamPolicy` says which version it wants; in the query unless told otherwise. */
  readVersion?: (c: Context) => number | Promise<number>;
  /** Throws where the caller may set the policy, but not so. */
  requireChange?: (c: Context<ApiEnv>, from: Policy, to: Policy) => void;
  /** By the last element of its path. Throws where it is not there, or not for the caller. */
  find: (c: Context<ApiEnv>, id: string, verb: PolicyVerb) => PolicyHolder;
}

const TEST_IAM_PERMISSIONS = message({ permissions: list(string) });

/** The three routes of a resource's IAM policy, as Google's APIs have them; Cloud Storage's are its own. */
export function addPolicyRoutes(
  routes: Hono<ApiEnv>,
  cloud: Cloud,
  of: PolicyResource,
): void {
  const path = (verb: PolicyVerb): string =>
    `${of.collection}/${withVerb("resource", verb)}`;
  const find = (c: Context<ApiEnv>, verb: PolicyVerb): PolicyHolder =>
    of.find(c, withoutVerb(c.req.param("resource") ?? ""), verb);
  const readVersion = of.readVersion ?? readRequestedVersion;
  routes.on(of.method, path("getIamPolicy"), async (c) => {
    const { resource } = find(c, "getIamPolicy");
    return c.json(showPolicy(resource.policy, await readVersion(c)));
  });
  routes.post(path("setIamPolicy"), async (c) => {
    const { resource } = find(c, "setIamPolicy");
    const { policy } = resource;
    const changed = await readNewPolicy(c, cloud, policy, of.rules);
    of.requireChange?.(c, policy, changed);
    resource.policy = changed;
    return c.json(showPolicy(resource.policy, 3));
  });
  routes.post(path("testIamPermissions"), async (c) => {
    const { resource, above } = find(c, "testIamPermissions");
    const { permissions = [] } = await readBody(c, TEST_IAM_PERMISSIONS);
    const policies = [resource.policy, ...above];
    const held = permissions.filter((permission) =>
      hasPermission(policies, c.var.caller, permission),
    );
    return c.json({ ...(held.length > 0 && { permissions: held }) });
  });
}
