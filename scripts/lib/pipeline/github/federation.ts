import type {
  OidcProvider,
  ProviderId,
} from "../../google/commands/identity-pools.ts";
import type { Grant } from "../../google/policy.ts";
import { LABEL } from "../../service/ownership.ts";
import { accountEmail } from "../accounts.ts";
import type { PipelinePlace } from "../place.ts";
import type { GithubSource } from "./source.ts";

/** What `--ci=github` needs beside the pipeline's own APIs. */
export const FEDERATION_APIS = [
  "iam.googleapis.com",
  "iamcredentials.googleapis.com",
  "sts.googleapis.com",
] as const;

export const POOL_DESCRIPTION = `${LABEL}: lets GitHub Actions release`;

/** Lets an identity from elsewhere take on a service account. */
export const ROLE = "roles/iam.workloadIdentityUser";

const ISSUER = "https://token.actions.githubusercontent.com";

/** What there is of it in the pipeline's project. */
export interface FederationState {
  enabledApis: ReadonlySet<string>;
  /** Deleted ones too, for they keep their names. */
  pool: PoolState | undefined;
  /** All of the pool. */
  providers: ProviderState[];
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

export function providerId({ projectId }: PipelinePlace): ProviderId {
  return { projectId, pool: "litellm-github", provider: "github" };
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
  provider: ProviderState | undefined,
): GithubSource {
  const condition = provider?.attributeCondition ?? "";
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

/** What lets everybody whom the provider lets through act as the account that builds main. */
export function toGrant(
  place: PipelinePlace,
  projectNumber: string,
  { owner, name }: GithubSource,
): Grant {
  return {
    on: {
      kind: "account",
      projectId: place.projectId,
      email: accountEmail(place.projectId, "build"),
    },
    role: ROLE,
    member: `${membersOf(place, projectNumber)}attribute.repository/${owner}/${name}`,
  };
}

/** How every set of our pool's identities begins. */
export function membersOf(place: PipelinePlace, projectNumber: string): string {
  return `principalSet://iam.googleapis.com/${poolName(place, projectNumber)}/`;
}

/** `projects/123/locations/global/workloadIdentityPools/litellm-github`. */
export function poolName(place: PipelinePlace, projectNumber: string): string {
  return `projects/${projectNumber}/locations/global/workloadIdentityPools/${providerId(place).pool}`;
}
