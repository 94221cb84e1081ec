import { UserError } from "../../cli/errors.ts";
import { ApiError } from "../../google/api-error.ts";
import type { ReadApi } from "../../google/rest.ts";
import { KEYS } from "../../settings/keys.ts";
import type { Settings } from "../../settings/settings.ts";
import { isNearlyFull } from "./aliases.ts";
import type { SecretState, State } from "./state.ts";
import {
  readBilling,
  readEnabledApis,
  readProject,
  readProjectBindings,
  readServiceAccount,
} from "./read-project.ts";
import { readSecret } from "./read-secret.ts";
import {
  readRevisions,
  readRevisionsBeside,
  readService,
  readServiceBindings,
  readServices,
} from "./read-service.ts";
import type { Revision, Service } from "../../manifest/knative.ts";
import { pinsOfRevision } from "../pins.ts";

/**
 * Reads everything that an env is concerned with, in one parallel round.
 * Throws UserError where there is no such project, or it has no billing
 * account: Google refuses most other reads then.
 */
export async function readState(
  read: ReadApi,
  settings: Settings,
): Promise<State> {
  const resources = readResources(read, settings);
  // Told only once the project itself is known to be right.
  resources.catch(() => undefined);
  const [project, billingEnabled] = await Promise.all([
    readProject(read, settings.projectId),
    readBilling(read, settings.projectId),
  ]);
  if (billingEnabled === false) throw noBilling(settings.projectId);
  return { project, billingEnabled, ...(await resources) };
}

async function readResources(
  read: ReadApi,
  settings: Settings,
): Promise<Omit<State, "project" | "billingEnabled">> {
  const { projectId } = settings;
  const [
    enabledApis,
    projectBindings,
    serviceAccount,
    config,
    clientKeys,
    keys,
    own,
    service,
    serviceBindings,
    revisions,
    services,
  ] = await Promise.all([
    readEnabledApis(read, projectId),
    readProjectBindings(read, projectId),
    readServiceAccount(read, settings),
    readSecret(read, projectId, settings.configSecret, true),
    readClientKeys(read, settings),
    readKeys(read, settings),
    readOwnSecrets(read, settings),
    readService(read, settings),
    readServiceBindings(read, settings),
    readRevisions(read, settings),
    readServices(read, projectId),
  ]);
  const otherServices = services.filter((s) => !isSameService(s, settings));
  return {
    enabledApis,
    projectBindings,
    serviceAccount,
    secrets: {
      config,
      clientKeys,
      keys: { ...keys, ...(await readEarlierKeys(read, settings, revisions)) },
      own,
    },
    service,
    serviceBindings,
    revisions,
    otherServices,
    otherRevisions: isNearlyFull(config)
      ? await readRevisionsBeside(read, projectId, otherServices)
      : [],
  };
}

/** Where the env has none, they are only read to be removed. */
function readClientKeys(
  read: ReadApi,
  { projectId, clientKeys, clientKeysSecret }: Settings,
): Promise<SecretState | undefined> {
  const readThem = clientKeys ? readSecret : readSeen;
  return readThem(read, projectId, clientKeysSecret);
}

/** The secret of each key. Those of the table that the env does not need are only read to be removed. */
async function readKeys(
  read: ReadApi,
  { projectId, keys, keySecrets }: Settings,
): Promise<State["secrets"]["keys"]> {
  const used = keys.map(({ name }) => name);
  const secrets = await Promise.all([
    ...keys.map(
      async ({ name, secret }) =>
        [name, await readSecret(read, projectId, secret)] as const,
    ),
    ...KEYS.filter(({ name }) => !used.includes(name)).map(
      async ({ name }) =>
        [name, await readSeen(read, projectId, keySecrets[name])] as const,
    ),
  ]);
  return Object.fromEntries(secrets);
}

/** The keys that the config named once: a revision that can come back reads them. */
async function readEarlierKeys(
  read: ReadApi,
  { projectId, keys, ownSecrets }: Settings,
  revisions: readonly Revision[],
): Promise<State["secrets"]["keys"]> {
  const known = [...KEYS, ...keys].map(({ name }) => name);
  const earlier = new Map(
    revisions
      .flatMap(({ spec }) => Object.entries(pinsOfRevision(spec).keys))
      .filter(([name]) => !known.includes(name))
      .map(([name, { secret }]) => [name, secret] as const)
      .filter(([, secret]) => !ownSecrets.includes(secret)),
  );
  const secrets = await Promise.all(
    [...earlier].map(
      async ([name, secret]) =>
        [name, await readSeen(read, projectId, secret)] as const,
    ),
  );
  return Object.fromEntries(secrets);
}

async function readOwnSecrets(
  read: ReadApi,
  { projectId, ownSecrets }: Settings,
): Promise<State["secrets"]["own"]> {
  const secrets = await Promise.all(
    ownSecrets.map(
      async (name) => [name, await readSecret(read, projectId, name)] as const,
    ),
  );
  return Object.fromEntries(secrets);
}

/** Whoever may deploy but not see all secrets gets 403 for one that does not exist. */
async function readSeen(
  read: ReadApi,
  projectId: string,
  name: string,
): Promise<SecretState | undefined> {
  try {
    return await readSecret(read, projectId, name);
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return undefined;
    throw error;
  }
}

/** Throws UserError where nobody pays for the project; where the account may not see it, it goes on. */
export async function requireBilling(
  read: ReadApi,
  projectId: string,
): Promise<void> {
  if ((await readBilling(read, projectId)) === false)
    throw noBilling(projectId);
}

export function noBilling(projectId: string): UserError {
  return new UserError(`project ${projectId} has no billing account`, {
    hint: `Link one: https://console.cloud.google.com/billing/linkedaccount?project=${projectId}`,
  });
}

function isSameService(service: Service, settings: Settings): boolean {
  return (
    service.metadata.name === settings.service &&
    service.metadata.labels?.["cloud.googleapis.com/location"] ===
      settings.region
  );
}
