import { UserError } from "../../cli/errors.ts";
import { ApiError } from "../../google/api-error.ts";
import type { ReadApi } from "../../google/rest.ts";
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
    masterKey,
    geminiKey,
    service,
    serviceBindings,
    revisions,
    services,
  ] = await Promise.all([
    readEnabledApis(read, projectId),
    readProjectBindings(read, projectId),
    readServiceAccount(read, settings),
    readSecret(read, projectId, settings.configSecret, true),
    readSecret(read, projectId, settings.masterKeySecret),
    readGeminiKey(read, settings),
    readService(read, settings),
    readServiceBindings(read, settings),
    readRevisions(read, settings),
    readServices(read, projectId),
  ]);
  return {
    ...{ enabledApis, projectBindings, serviceAccount },
    secrets: { config, masterKey, geminiKey },
    ...{ service, serviceBindings, revisions },
    otherServices: services.filter((s) => !isSameService(s, settings)),
  };
}

/**
 * Outside API-key mode it is only read to be removed. Whoever may deploy but
 * not see all secrets gets 403 for one that does not exist.
 */
async function readGeminiKey(
  read: ReadApi,
  { projectId, mode, geminiKeySecret }: Settings,
): Promise<State["secrets"]["geminiKey"]> {
  try {
    return await readSecret(read, projectId, geminiKeySecret);
  } catch (error) {
    const unseen = error instanceof ApiError && error.status === 403;
    if (unseen && mode === "vertex") return undefined;
    throw error;
  }
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
