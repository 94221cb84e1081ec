import type { Command } from "../gcloud.ts";
import { type InProject, formatPairs, inProject } from "../places.ts";

/** A provider of a workload identity pool. */
export interface ProviderId extends InProject {
  pool: string;
  provider: string;
}

/** What a provider takes for its own, and whom it lets through. */
export interface OidcProvider {
  issuerUri: string;
  /** `attribute.repository` → `assertion.repository`. */
  attributeMapping: Readonly<Record<string, string>>;
  attributeCondition: string;
}

export function createPool(
  place: InProject,
  pool: string,
  description: string,
): Command {
  return pools(place, "create", pool, `--description=${description}`);
}

/** A deleted pool keeps its name for some 30 days (IAM docs, "Manage workload identity pools and providers"). */
export function undeletePool(place: InProject, pool: string): Command {
  return pools(place, "undelete", pool);
}

export function enablePool(place: InProject, pool: string): Command {
  return pools(place, "update", pool, "--no-disabled");
}

export function deletePool(place: InProject, pool: string): Command {
  return pools(place, "delete", pool, "--quiet");
}

export function createProvider(id: ProviderId, made: OidcProvider): Command {
  return providers(
    id,
    "create-oidc",
    `--issuer-uri=${made.issuerUri}`,
    ...lettingThrough(made),
  );
}

export function updateProvider(id: ProviderId, made: OidcProvider): Command {
  return providers(
    id,
    "update-oidc",
    `--issuer-uri=${made.issuerUri}`,
    // GitHub's tokens are for the provider itself, as without a list.
    "--allowed-audiences=",
    ...lettingThrough(made),
    "--no-disabled",
  );
}

export function undeleteProvider(id: ProviderId): Command {
  return providers(id, "undelete");
}

function lettingThrough(made: OidcProvider): string[] {
  return [
    `--attribute-mapping=${formatPairs(made.attributeMapping)}`,
    `--attribute-condition=${made.attributeCondition}`,
  ];
}

function pools(
  place: InProject,
  verb: string,
  pool: string,
  ...flags: string[]
): Command {
  return group(place, [verb, pool, ...flags]);
}

function providers(id: ProviderId, verb: string, ...flags: string[]): Command {
  const pool = `--workload-identity-pool=${id.pool}`;
  return group(id, ["providers", verb, id.provider, pool, ...flags]);
}

function group(place: InProject, rest: readonly string[]): Command {
  return {
    args: [
      ...["iam", "workload-identity-pools", ...rest],
      ...["--location=global", inProject(place)],
    ],
  };
}
