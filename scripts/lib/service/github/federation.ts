import type {
  OidcProvider,
  ProviderId,
} from "../../google/commands/identity-pools.ts";
import type { Binding, Grant } from "../../google/policy.ts";
import { LABEL } from "../ownership.ts";
import type { GithubSource } from "./source.ts";

/** What `--ci=github` needs beside the APIs of what its workflow does. */
export const FEDERATION_APIS = [
  "iam.googleapis.com",
  "iamcredentials.googleapis.com",
  "sts.googleapis.com",
] as const;

/** Lets an identity from elsewhere take on a service account. */
export const ROLE = "roles/iam.workloadIdentityUser";

const ISSUER = "https://token.actions.githubusercontent.com";

/** A provider of GitHub's identities in a pool of its own, and the account that they take on, of the same project. */
export interface Federation extends ProviderId {
  email: string;
  /** What the pool's identities may do: `release`. */
  may: string;
}

/** What there is of it. */
export interface FederationState extends Federated {
  enabledApis: ReadonlySet<string>;
  /** Deleted ones too, for they keep their names. */
  pool: PoolState | undefined;
  /** All of the pool. */
  providers: ProviderState[];
}

/** What the pool's identities take on, as it is. */
export interface Federated {
  projectNumber: string;
  /** Who may act as the account; nobody where there is none. */
  bindings: readonly Binding[];
}

interface Life {
  /** `projects/…`. */
  name: string;
  state?: string;
  disabled?: boolean;
}

export interface PoolState extends Life {
  description?: string;
}

export interface ProviderState extends Life {
  attributeMapping?: Record<string, string>;
  attributeCondition?: string;
  oidc?: { issuerUri?: string; allowedAudiences?: string[] };
}

/** Of the pool, and of an account that is made for it: neither has labels. */
export function describeFederation({ may }: Federation): string {
  return `${LABEL}: lets GitHub Actions ${may}`;
}

export function findProvider(
  { provider }: Federation,
  providers: readonly ProviderState[],
): ProviderState | undefined {
  return providers.find(({ name }) => name.endsWith(`/providers/${provider}`));
}

export function isDeleted({ state }: Life): boolean {
  return state === "DELETED";
}

export function isOurPool({ description }: PoolState): boolean {
  return description?.startsWith(`${LABEL}:`) ?? false;
}

/**
 * Lets through what is pushed to one branch of one repository. A pull request's
 * token names another ref, a `pull_request_target`'s another event.
 */
export function toProvider({
  owner,
  name,
  branch,
  ids,
}: GithubSource): OidcProvider {
  const claims = {
    repository: `${owner}/${name}`,
    ...(ids !== undefined && {
      repository_owner_id: ids.owner,
      repository_id: ids.repository,
    }),
    ref: `refs/heads/${branch}`,
    event_name: "push",
  };
  return {
    issuerUri: ISSUER,
    attributeMapping: {
      "google.subject": "assertion.sub",
      "attribute.repository": "assertion.repository",
    },
    attributeCondition: Object.entries(claims)
      .map(([claim, value]) => `assertion.${claim} == '${value}'`)
      .join(" && "),
  };
}

/** The source with the numbers that the provider already asks for, where none are given: a later run takes nothing away. */
export function withKnownIds(
  source: GithubSource,
  federation: Federation,
  { providers }: Pick<FederationState, "providers">,
): GithubSource {
  const condition =
    findProvider(federation, providers)?.attributeCondition ?? "";
  const { owner, name } = source;
  const isSame = condition.includes(
    `assertion.repository == '${owner}/${name}'`,
  );
  if (source.ids !== undefined || !isSame) return source;
  const [, ownerId] =
    /assertion\.repository_owner_id == '(\d+)'/.exec(condition) ?? [];
  const [, repository] =
    /assertion\.repository_id == '(\d+)'/.exec(condition) ?? [];
  if (ownerId === undefined || repository === undefined) return source;
  return { ...source, ids: { owner: ownerId, repository } };
}

/** What lets everybody whom the provider lets through act as the account. */
export function toGrant(
  federation: Federation,
  projectNumber: string,
  { owner, name }: GithubSource,
): Grant {
  const { projectId, email } = federation;
  return {
    on: { kind: "account", projectId, email },
    role: ROLE,
    member: `${membersOf(federation, projectNumber)}attribute.repository/${owner}/${name}`,
  };
}

/** How every set of the pool's identities begins. */
export function membersOf(
  federation: Federation,
  projectNumber: string,
): string {
  return `principalSet://iam.googleapis.com/${poolName(federation, projectNumber)}/`;
}

/** `projects/123/locations/global/workloadIdentityPools/litellm-github/providers/github`. */
export function providerName(
  federation: Federation,
  projectNumber: string,
): string {
  return `${poolName(federation, projectNumber)}/providers/${federation.provider}`;
}

function poolName({ pool }: Federation, projectNumber: string): string {
  return `projects/${projectNumber}/locations/global/workloadIdentityPools/${pool}`;
}
