import { createHash, randomBytes } from "node:crypto";
import { GoogleError } from "./google-error.ts";
import { allows } from "./roles.ts";

interface Condition {
  title?: string;
  description?: string;
  expression: string;
}

export interface Binding {
  role: string;
  members: string[];
  condition?: Condition;
}

/** An IAM policy as Google's APIs exchange it; `etag` is base64. */
export interface Policy {
  version: number;
  etag: string;
  bindings: Binding[];
  auditConfigs?: Record<string, unknown>[];
  /** What still holds until a change is seen everywhere, in milliseconds of the clock. */
  before?: { until: number; bindings: Binding[] };
}

/** What Google answers as the etag of a policy that nobody has ever set. */
const UNSET = "ACAB";

const VERSIONS_HELP =
  "For more information, please refer to https://cloud.google.com/iam/docs/policies#versions.";

export function newPolicy(bindings: Binding[] = []): Policy {
  const etag = bindings.length === 0 ? UNSET : newEtag();
  return { version: 1, etag, bindings };
}

function newEtag(): string {
  return randomBytes(8).toString("base64");
}

/**
 * The policy that `setIamPolicy` stores: checked against the current etag when the caller sent one, bindings of the
 * same role and condition joined, empty ones dropped, with a fresh etag. `delay`: milliseconds that the old one goes on
 * holding. Throws ABORTED on a stale etag, as Google does.
 */
export function replacePolicy(
  current: Policy,
  sent: Partial<Policy>,
  delay = 0,
): Policy {
  if (sent.etag !== undefined && !isSameEtag(sent.etag, current.etag)) {
    throw new GoogleError(
      "ABORTED",
      "There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.",
    );
  }
  const bindings = joinBindings(sent.bindings ?? []);
  const version = bindings.some((b) => b.condition !== undefined) ? 3 : 1;
  // Google checks versions only where an etag says that the caller has read the policy.
  if (sent.etag !== undefined)
    requireVersion(sent.version ?? 1, version, current);
  const auditConfigs = sent.auditConfigs ?? current.auditConfigs;
  return {
    version,
    etag: newEtag(),
    bindings,
    ...(auditConfigs !== undefined && { auditConfigs }),
    ...(delay > 0 && {
      before: { until: Date.now() + delay, bindings: bindingsNow(current) },
    }),
  };
}

/** What holds, whatever the policy already says. */
function bindingsNow({ bindings, before }: Policy): Binding[] {
  return before !== undefined && Date.now() < before.until
    ? before.bindings
    : bindings;
}

/** The policy as `getIamPolicy` answers: below version 3, conditions are folded into the role's name. */
export function showPolicy(policy: Policy, requestedVersion: number): object {
  if (![0, 1, 3].includes(requestedVersion)) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `Requested policy version (${requestedVersion}) is invalid. ${VERSIONS_HELP}`,
    );
  }
  if (policy.etag === UNSET) return { etag: UNSET };
  const { auditConfigs, etag } = policy;
  const bindings =
    requestedVersion === 3
      ? policy.bindings
      : policy.bindings.map(foldCondition);
  return {
    version: requestedVersion === 3 ? policy.version : 1,
    etag,
    ...(bindings.length > 0 && { bindings }),
    ...(auditConfigs !== undefined && { auditConfigs }),
  };
}

/**
 * Whether one of the policies, of a resource and of what it lies in, allows `member` the permission.
 * `changedRoles`: those whose bindings the request changes, for conditions that limit them.
 */
export function hasPermission(
  policies: readonly Policy[],
  member: string,
  permission: string,
  changedRoles: readonly string[] = [],
): boolean {
  return policies.some((policy) =>
    rolesOf(policy, member, changedRoles).some((role) =>
      allows(role, permission),
    ),
  );
}

/** The roles whose bindings differ. */
export function listChangedRoles(one: Policy, other: Policy): string[] {
  const ofRole = (policy: Policy, role: string) =>
    JSON.stringify(policy.bindings.filter((binding) => binding.role === role));
  const all = [...one.bindings, ...other.bindings].map(({ role }) => role);
  return [...new Set(all)].filter(
    (role) => ofRole(one, role) !== ofRole(other, role),
  );
}

/** Replaces a member everywhere in the policy. */
export function renameMember(policy: Policy, from: string, to: string): void {
  for (const binding of policy.bindings) {
    binding.members = binding.members.map((m) => (m === from ? to : m)).sort();
  }
}

function rolesOf(
  policy: Policy,
  member: string,
  changedRoles: readonly string[],
): string[] {
  const names = [member, "allUsers", "allAuthenticatedUsers"];
  return bindingsNow(policy)
    .filter((b) => isMet(b.condition, changedRoles))
    .filter((b) => b.members.some((m) => names.includes(m)))
    .map((b) => b.role);
}

/** Of all conditions only that on the roles that may be granted is evaluated ("Limit the granting of roles"); with any other, a binding does not count. */
function isMet(
  condition: Condition | undefined,
  changedRoles: readonly string[],
): boolean {
  if (condition === undefined) return true;
  const form =
    /^api\.getAttribute\('iam\.googleapis\.com\/modifiedGrantsByRole', ?\[\]\)\.hasOnly\(\[(.*)\]\)$/;
  const list = form.exec(condition.expression)?.[1];
  if (list === undefined) return false;
  const allowed = list.split(",").map((item) => item.trim().slice(1, -1));
  return changedRoles.every((role) => allowed.includes(role));
}

function joinBindings(bindings: readonly Binding[]): Binding[] {
  const joined = new Map<string, Binding>();
  for (const { role, members, condition } of bindings) {
    const key = JSON.stringify([role, condition ?? null]);
    const same = joined.get(key)?.members ?? [];
    const all = [...new Set([...same, ...members])].sort();
    if (all.length === 0) continue;
    joined.set(key, { role, members: all, ...(condition && { condition }) });
  }
  return [...joined.values()].sort((a, b) => (a.role < b.role ? -1 : 1));
}

/** As bytes: gcloud sends back the URL-safe form of what it was given. */
function isSameEtag(one: string, other: string): boolean {
  const toBytes = (etag: string) => Buffer.from(etag, "base64");
  return toBytes(one).equals(toBytes(other));
}

function requireVersion(sent: number, needed: number, current: Policy): void {
  const least = Math.max(needed, current.version);
  if (least < 3 || sent >= least) return;
  throw new GoogleError(
    "INVALID_ARGUMENT",
    `Specified policy version (${sent}) cannot be less than the existing policy version (${least}). ${VERSIONS_HELP}`,
  );
}

function foldCondition(binding: Binding): Binding {
  const { role, members, condition } = binding;
  if (condition === undefined) return binding;
  const hash = createHash("sha256").update(JSON.stringify(condition));
  return {
    role: `${role}_withcond_${hash.digest("hex").slice(0, 20)}`,
    members,
  };
}
