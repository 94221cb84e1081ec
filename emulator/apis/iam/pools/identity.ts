import type { Cloud, Member } from "../../../core/cloud.ts";
import type { Slot } from "../../../core/states.ts";
import { type Claims, mapClaims } from "./expression.ts";
import { type Kept, type Provider, poolsOf } from "./state.ts";

/** Identity of a pool → the sets that it belongs to. */
const SETS: Slot<Map<Member, string[]>> = { make: () => new Map() };

const IN_POOL =
  /^principal:\/\/iam\.googleapis\.com\/projects\/(\d+)\/locations\/global\/workloadIdentityPools\/([^/]+)\//;

/** The identity that a provider's mapping makes of a token. `poolName`: as in `projects/123/…`. Undefined where its subject is missing. */
export function toIdentity(
  cloud: Cloud,
  poolName: string,
  { attributeMapping }: Provider,
  claims: Claims,
): Member | undefined {
  const mapped = mapClaims(attributeMapping, claims);
  const subject = mapped.get("google.subject");
  if (subject === undefined) return undefined;
  const identity: Member = `principal://iam.googleapis.com/${poolName}/subject/${subject}`;
  const all = `principalSet://iam.googleapis.com/${poolName}`;
  const sets = [...mapped]
    .filter(([attribute]) => attribute.startsWith("attribute."))
    .map(([attribute, value]) => `${all}/${attribute}/${value}`);
  cloud.states.of(SETS).set(identity, [`${all}/*`, ...sets]);
  return identity;
}

/** Under which members of a policy a caller counts: one of a pool with its sets, and not at all while the pool is disabled or deleted. */
export function namesOf(cloud: Cloud, caller: Member): string[] {
  const [, number = "", id = ""] = IN_POOL.exec(caller) ?? [];
  if (number === "") return [caller];
  const project = cloud.findProject(number);
  const pool = project && poolsOf(project).get(id);
  if (pool === undefined || !isUsable(pool)) return [];
  return [caller, ...(cloud.states.of(SETS).get(caller) ?? [])];
}

function isUsable({ disabled, expireTime }: Kept): boolean {
  return !disabled && expireTime === undefined;
}

/** By the full name of a provider, as a client gives it as its audience. Undefined where there is none that may be used. */
export function findProvider(
  cloud: Cloud,
  audience: string,
): { poolName: string; provider: Provider } | undefined {
  const [, poolName = "", number = "", poolId = "", providerId = ""] =
    /^\/\/iam\.googleapis\.com\/(projects\/(\d+)\/locations\/global\/workloadIdentityPools\/([^/]+))\/providers\/([^/]+)$/.exec(
      audience,
    ) ?? [];
  const project = cloud.findProject(number);
  const pool = project && poolsOf(project).get(poolId);
  const provider = pool?.providers.get(providerId);
  if (pool === undefined || provider === undefined) return undefined;
  if (!isUsable(pool) || !isUsable(provider)) return undefined;
  return { poolName, provider };
}
