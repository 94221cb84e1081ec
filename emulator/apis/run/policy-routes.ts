import type { Hono } from "hono";
import { type ApiEnv, withVerb, withoutVerb } from "../../core/api.ts";
import { list, message, readBody, string } from "../../core/message.ts";
import { hasPermission, showPolicy } from "../../core/policy.ts";
import {
  type PolicyRules,
  readNewPolicy,
  readRequestedVersion,
} from "../../core/policy-request.ts";
import type { RunContext } from "./context.ts";
import { findService, placeOf } from "./place.ts";
import { serviceKey } from "./service-commands.ts";
import { runOf } from "./state.ts";

const RULES: PolicyRules = {
  takesRole: (role) => role.startsWith("roles/run."),
  takesPublic: true,
};

const TEST_IAM_PERMISSIONS = message({ permissions: list(string) });

export function addPolicyRoutes(
  routes: Hono<ApiEnv>,
  { cloud }: RunContext,
): void {
  const path = <Verb extends string>(verb: Verb) =>
    `/v1/projects/:project/locations/:location/services/${withVerb("service", verb)}` as const;
  routes.get(path("getIamPolicy"), (c) => {
    const name = withoutVerb(c.req.param("service"));
    const { policy } = findService(placeOf(c, cloud), name);
    return c.json(showPolicy(policy, readRequestedVersion(c)));
  });
  routes.post(path("setIamPolicy"), async (c) => {
    const name = withoutVerb(c.req.param("service"));
    const service = findService(placeOf(c, cloud), name);
    service.policy = await readNewPolicy(c, cloud, service.policy, RULES);
    return c.json(showPolicy(service.policy, 3));
  });
  routes.post(path("testIamPermissions"), async (c) => {
    // gcloud asks before the service is there: then the project's policy decides.
    const { project, region } = placeOf(c, cloud);
    const name = withoutVerb(c.req.param("service"));
    const service = runOf(project).services.get(serviceKey(region, name));
    const { permissions = [] } = await readBody(c, TEST_IAM_PERMISSIONS);
    const policies = [project.policy, ...(service ? [service.policy] : [])];
    const held = permissions.filter((permission) =>
      hasPermission(policies, c.var.caller, permission),
    );
    return c.json({ ...(held.length > 0 && { permissions: held }) });
  });
}
