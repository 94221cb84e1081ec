import type { Cloud, Project } from "../../../core/cloud.ts";
import { GoogleError } from "../../../core/google-error.ts";
import type { Slot } from "../../../core/states.ts";

/** What a pool and its providers have in common. A deleted one keeps its name, and can be brought back. */
export interface Kept {
  id: string;
  displayName: string;
  description: string;
  disabled: boolean;
  /** When a deleted one is gone for good; undefined: it is not deleted. */
  expireTime: string | undefined;
}

export interface Pool extends Kept {
  /** By id. */
  providers: Map<string, Provider>;
}

export interface Provider extends Kept {
  /** `attribute.ref` → `assertion.ref`. */
  attributeMapping: Record<string, string>;
  attributeCondition: string;
  issuerUri: string;
  allowedAudiences: string[];
}

const POOLS: Slot<Map<string, Pool>> = { make: () => new Map() };

/** By id, deleted ones included. */
export function poolsOf(project: Project): Map<string, Pool> {
  return project.states.of(POOLS);
}

/** Throws NOT_FOUND. */
export function findPool(
  cloud: Cloud,
  projectId: string,
  poolId: string,
): { project: Project; pool: Pool } {
  const project = cloud.project(projectId);
  return { project, pool: requireKept(poolsOf(project).get(poolId)) };
}

export function requireKept<T extends Kept>(kept: T | undefined): T {
  if (kept !== undefined) return kept;
  throw new GoogleError("NOT_FOUND", "Requested entity was not found.");
}

/** Throws where the id is taken, be it by a deleted one. */
export function requireFree(kept: Map<string, Kept>, id: string): void {
  if (!kept.has(id)) return;
  throw new GoogleError("ALREADY_EXISTS", "Requested entity already exists");
}

/** `projects/123/locations/global/workloadIdentityPools/P`, or of a provider in it. */
export function nameOf(project: Project, pool: Pool, provider?: Provider) {
  const name = `projects/${project.projectNumber}/locations/global/workloadIdentityPools/${pool.id}`;
  return provider === undefined ? name : `${name}/providers/${provider.id}`;
}

export function showPool(project: Project, pool: Pool): object {
  return { name: nameOf(project, pool), ...showKept(pool) };
}

export function showProvider(
  project: Project,
  pool: Pool,
  provider: Provider,
): object {
  const { attributeCondition, allowedAudiences } = provider;
  return {
    name: nameOf(project, pool, provider),
    ...showKept(provider),
    attributeMapping: provider.attributeMapping,
    ...(attributeCondition !== "" && { attributeCondition }),
    oidc: {
      issuerUri: provider.issuerUri,
      ...(allowedAudiences.length > 0 && { allowedAudiences }),
    },
  };
}

function showKept(kept: Kept): object {
  const { displayName, description, disabled, expireTime } = kept;
  return {
    ...(displayName !== "" && { displayName }),
    ...(description !== "" && { description }),
    ...(disabled && { disabled }),
    state: expireTime === undefined ? "ACTIVE" : "DELETED",
    ...(expireTime !== undefined && { expireTime }),
  };
}
