import { UserError } from "../../cli/errors.ts";
import { ApiError } from "../../google/api-error.ts";
import type { ReadApi } from "../../google/rest.ts";
import { allKeys, keysOf } from "../../settings/keys.ts";
import type { Settings } from "../../settings/settings.ts";
import type { State } from "./state.ts";
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
  readService,
  readServiceBindings,
  readServices,
} from "./read-service.ts";
import type { Service } from "../../manifest/knative.ts";

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
    keys,
    service,
    serviceBindings,
    revisions,
    services,
  ] = await Promise.all([
    readEnabledApis(read, projectId),
    readProjectBindings(read, projectId),
    readServiceAccount(read, settings),
    readSecret(read, projectId, settings.configSecret, true),
    readKeys(read, settings),
    readService(read, settings),
    readServiceBindings(read, settings),
    readRevisions(read, settings),
    readServices(read, projectId),
  ]);
  return {
    enabledApis,
    projectBindings,
    serviceAccount,
    secrets: { config, keys },
    service,
    serviceBindings,
    revisions,
    otherServices: services.filter((s) => !isSameService(s, settings)),
  };
}

/** The secret of each key. Those that the mode does not need are only read to be removed. */
async function readKeys(
  read: ReadApi,
  settings: Settings,
): Promise<State["secrets"]["keys"]> {
  const used = keysOf(settings.mode).map((key) => key.name);
  const secrets = await Promise.all(
    allKeys().map(async ({ name }) => {
      const secret = settings.keySecrets[name];
      const found = await readSecret(read, settings.projectId, secret).catch(
        (error: unknown) => {
          // Whoever may deploy but not see all secrets gets 403 for one that does not exist.
          const unseen = error instanceof ApiError && error.status === 403;
          if (unseen && !used.includes(name)) return undefined;
          throw error;
        },
      );
      return [name, found] as const;
    }),
  );
  return Object.fromEntries(secrets) as State["secrets"]["keys"];
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
