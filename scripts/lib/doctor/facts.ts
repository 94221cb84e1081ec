import type { ReadApi } from "../google/rest.ts";
import type { Service } from "../manifest/knative.ts";
import { readPinned } from "../release/image.ts";
import { neededApis } from "../service/prepare/plan-access.ts";
import {
  readEnabledApis,
  readServiceAccount,
} from "../service/state/read-project.ts";
import { readService } from "../service/state/read-service.ts";
import type { AccountState } from "../service/state/state.ts";
import type { Settings } from "../settings/settings.ts";
import { isInRegistry } from "./image.ts";
import { type Asked, type Placed, askModels } from "./models.ts";
import { listSecrets } from "./permissions.ts";
import { CONSTRAINTS, type Constraint, type PolicyRule } from "./policies.ts";
import { type Quotas, readQuotas } from "./quota.ts";
import { type Held, readHeld } from "./read-permissions.ts";
import { type Seen, look } from "./seen.ts";

/** `projects.get` of Resource Manager v1. */
export interface ProjectFacts {
  lifecycleState?: string;
  /** An organisation or folder; none outside of any. */
  parent?: { type: string; id: string };
}

export interface VersionFacts {
  number: number;
  state: "ENABLED" | "DISABLED" | "DESTROYED";
}

/** What Google says of an env; undefined where a thing is not there. */
export interface Facts {
  project: Seen<ProjectFacts | undefined>;
  billing: Seen<boolean | undefined>;
  apis: Seen<ReadonlySet<string>>;
  account: Seen<AccountState | undefined>;
  /** By the secret's name: versions, newest first. */
  secrets: ReadonlyMap<string, Seen<VersionFacts[] | undefined>>;
  service: Seen<Service | undefined>;
  held: Held;
  /** Undefined: the API is not enabled. */
  policies: ReadonlyMap<Constraint, Seen<readonly PolicyRule[] | undefined>>;
  /** Only where IMAGE is in Artifact Registry. */
  image: Seen<string | undefined> | undefined;
  models: Asked[];
  quotas: Seen<Quotas>;
}

/** One parallel round, in which each reading fails for itself. */
export async function readFacts(
  read: ReadApi,
  settings: Settings,
  placed: readonly Placed[],
): Promise<Facts> {
  const { projectId } = settings;
  const project = {
    api: "cloudresourcemanager",
    path: `v1/projects/${projectId}`,
  } as const;
  const billing = {
    api: "cloudbilling",
    path: `v1/projects/${projectId}/billingInfo`,
  } as const;
  const [
    projectSeen,
    billingSeen,
    apis,
    account,
    secrets,
    service,
    held,
    policies,
    image,
    models,
    quotas,
  ] = await Promise.all([
    look(read(project) as Promise<ProjectFacts | undefined>),
    look(read(billing).then(toBilling)),
    look(readEnabledApis(read, projectId, neededApis(settings.mode))),
    look(readServiceAccount(read, settings)),
    readByName(listSecrets(settings), (name) =>
      readVersions(read, projectId, name),
    ),
    look(readService(read, settings)),
    readHeld(read, settings),
    readByName(CONSTRAINTS, (name) => readPolicy(read, projectId, name)),
    isInRegistry(settings.image)
      ? look(readPinned(read, settings.image))
      : undefined,
    askModels(read, settings, placed),
    look(readQuotas(read, settings)),
  ]);
  return {
    project: projectSeen,
    billing: billingSeen,
    apis,
    account,
    secrets,
    service,
    held,
    policies,
    image,
    models,
    quotas,
  };
}

function toBilling(answer: unknown): boolean | undefined {
  const info = answer as { billingEnabled?: boolean } | undefined;
  return info && (info.billingEnabled ?? false);
}

async function readByName<Name extends string, T>(
  names: readonly Name[],
  readOne: (name: Name) => Promise<T>,
): Promise<Map<Name, Seen<T>>> {
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, await look(readOne(name))] as const),
    ),
  );
}

async function readVersions(
  read: ReadApi,
  projectId: string,
  secret: string,
): Promise<VersionFacts[] | undefined> {
  const answer = (await read({
    api: "secretmanager",
    path: `v1/projects/${projectId}/secrets/${secret}/versions?pageSize=250`,
  })) as
    { versions?: { name: string; state: VersionFacts["state"] }[] } | undefined;
  if (answer === undefined) return undefined;
  return (answer.versions ?? [])
    .map(({ name, state }) => ({
      number: Number(name.split("/").at(-1)),
      state,
    }))
    .sort((a, b) => b.number - a.number);
}

async function readPolicy(
  read: ReadApi,
  projectId: string,
  constraint: Constraint,
): Promise<readonly PolicyRule[] | undefined> {
  const policy = (await read({
    api: "orgpolicy",
    path: `v2/projects/${projectId}/policies/${constraint}:getEffectivePolicy`,
  })) as { spec?: { rules?: PolicyRule[] } } | undefined;
  return policy && (policy.spec?.rules ?? []);
}
