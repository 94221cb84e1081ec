import type { ReadApi } from "../google/rest.ts";
import type { Settings } from "../settings/settings.ts";
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
import type { Service } from "./knative.ts";

/** Reads everything that an env is concerned with, in one parallel round. */
export async function readState(
  read: ReadApi,
  settings: Settings,
): Promise<State> {
  const [
    project,
    billingEnabled,
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
    readProject(read, settings.projectId),
    readBilling(read, settings.projectId),
    readEnabledApis(read, settings.projectId),
    readProjectBindings(read, settings.projectId),
    readServiceAccount(read, settings),
    readSecret(read, settings.projectId, settings.configSecret, true),
    readSecret(read, settings.projectId, settings.masterKeySecret),
    readSecret(read, settings.projectId, settings.geminiKeySecret),
    readService(read, settings),
    readServiceBindings(read, settings),
    readRevisions(read, settings),
    readServices(read, settings.projectId),
  ]);
  return {
    project,
    billingEnabled,
    enabledApis,
    projectBindings,
    serviceAccount,
    secrets: { config, masterKey, geminiKey },
    service,
    serviceBindings,
    revisions,
    otherServices: services.filter((s) => !isSameService(s, settings)),
  };
}

function isSameService(service: Service, settings: Settings): boolean {
  return (
    service.metadata.name === settings.service &&
    service.metadata.labels?.["cloud.googleapis.com/location"] ===
      settings.region
  );
}
