import type { Context } from "hono";
import type { Cloud } from "./cloud.ts";
import { GoogleError } from "./google-error.ts";
import { requireMember } from "./members.ts";
import {
  type Message,
  int32,
  list,
  message,
  object,
  outputOnly,
  readBody,
  string,
} from "./message.ts";
import { type Binding, type Policy, replacePolicy } from "./policy.ts";
import { requireKnownParameters } from "./query.ts";
import { isRole } from "./roles.ts";

const BINDING = {
  role: string,
  members: list(string),
  condition: message({
    title: string,
    description: string,
    expression: string,
    location: string,
  }),
};

const POLICY = {
  version: int32,
  etag: string,
  bindings: list(message(BINDING)),
  auditConfigs: list(object),
};

const SET_IAM_POLICY = message({
  policy: message(POLICY),
  updateMask: string,
});

/** Cloud Storage takes the policy itself. */
const PLAIN_POLICY = message({
  ...POLICY,
  kind: outputOnly,
  resourceId: outputOnly,
});

export interface PolicyRules {
  /** Whether the resource takes this role; every resource takes owner, editor, viewer and custom roles. */
  takesRole: (role: string) => boolean;
  /** Whether `allUsers` and `allAuthenticatedUsers` may be members. */
  takesPublic: boolean;
}

/** `options.requestedPolicyVersion` of a GET, 0 when not asked for. */
export function readRequestedVersion(c: Context): number {
  requireKnownParameters(c, ["options.requestedPolicyVersion"]);
  return Number(c.req.query("options.requestedPolicyVersion") ?? 0);
}

/** The policy that a `setIamPolicy` request leads to. Throws what Google throws for a bad role, member, version or etag. */
export async function readNewPolicy(
  c: Context,
  cloud: Cloud,
  current: Policy,
  rules: PolicyRules,
): Promise<Policy> {
  const { policy } = await readBody(c, SET_IAM_POLICY);
  if (policy === undefined) {
    throw new GoogleError("INVALID_ARGUMENT", "Policy is required.");
  }
  return toNewPolicy(policy, cloud, current, rules);
}

/** The same where the body is the policy, as Cloud Storage wants it. */
export async function readPlainPolicy(
  c: Context,
  cloud: Cloud,
  current: Policy,
  rules: PolicyRules,
): Promise<Policy> {
  const sent = await readBody(c, PLAIN_POLICY);
  return toNewPolicy(sent, cloud, current, rules);
}

function toNewPolicy(
  policy: Message<typeof POLICY>,
  cloud: Cloud,
  current: Policy,
  rules: PolicyRules,
): Policy {
  const { version, etag, auditConfigs } = policy;
  const bindings = (policy.bindings ?? []).map(toBinding);
  for (const binding of bindings) {
    requireRole(binding.role, rules);
    for (const member of binding.members) {
      requireMember(cloud, member, current, rules.takesPublic);
    }
  }
  const stored = {
    bindings,
    ...(version !== undefined && { version }),
    ...(etag !== undefined && etag !== "" && { etag }),
    ...(auditConfigs !== undefined && { auditConfigs }),
  };
  return replacePolicy(current, stored, cloud.propagation.delay());
}

function toBinding(sent: Message<typeof BINDING>): Binding {
  const { role = "", members = [], condition } = sent;
  if (condition === undefined) return { role, members };
  const { expression = "", ...rest } = condition;
  return { role, members, condition: { ...rest, expression } };
}

function requireRole(role: string, rules: PolicyRules): void {
  const anywhere = /^roles\/(owner|editor|viewer)$|^(projects|organizations)\//;
  if (isRole(role) && (anywhere.test(role) || rules.takesRole(role))) return;
  throw new GoogleError(
    "INVALID_ARGUMENT",
    `Role ${role} is not supported for this resource.`,
  );
}
