import { versionOf } from "../advisories/advisories.ts";
import { ApiError } from "../google/api-error.ts";
import { type ReadApi, createApiReader } from "../google/rest.ts";
import type { Revision, Service } from "../manifest/knative.ts";
import { CREATOR } from "../manifest/knative.ts";
import { commitOf } from "../service/made-from.ts";
import { pinsOfRevision } from "../service/pins.ts";
import { summarizeRevision } from "../service/rollback/revision-summary.ts";
import { findMainRevision, findServing } from "../service/serving.ts";
import type { Session } from "../service/session.ts";
import { readRevision, readService } from "../service/state/read-service.ts";
import type { EnvStatus, ServingStatus } from "./env-status.ts";
import { readHealth } from "./read-health.ts";
import { readPipelineStatus } from "./read-pipeline-status.ts";

/** `ask`: LiteLLM itself is asked whether it is ready, which starts an instance where none runs. */
export async function readStatus(
  session: Session,
  { ask }: { ask: boolean },
): Promise<EnvStatus> {
  const { settings, read } = session;
  const { env, projectId: project, region, service: name } = settings;
  const service = await readService(read, settings);
  const serving =
    service === undefined ? null : await readServing(session, service, ask);
  return { env, project, region, service: name, serving };
}

async function readServing(
  session: Session,
  service: Service,
  ask: boolean,
): Promise<ServingStatus | null> {
  const { settings, read, context } = session;
  const readAs = (projectId: string): ReadApi =>
    createApiReader(context, projectId);
  const main = findMainRevision(findServing(service, []));
  const url = service.status?.url;
  if (main === undefined || url === undefined) return null;
  const health = readHealth(session, service, ask);
  // Awaited below; until then its failure is nobody's.
  health.catch(() => undefined);
  const revision = await readRevision(read, settings, main);
  const pins = pinsOfRevision(revision.spec);
  const { image, created } = summarizeRevision(revision);
  const [configCreated, pipeline] = await Promise.all([
    readCreated(read, settings.projectId, pins.config),
    readPipelineStatus(readAs, settings, revision),
  ]);
  return {
    url,
    revision: main,
    image,
    litellm: versionOf(image) ?? null,
    config: { ...pins.config, created: configCreated, files: pins.files },
    keys: Object.fromEntries(
      Object.entries(pins.keys).map(([key, pin]) => [key, pin.version]),
    ),
    clientKeys: pins.clientKeys ?? null,
    traffic: (service.status?.traffic ?? []).map((target) => ({
      revision: target.revisionName ?? "",
      percent: target.percent ?? 0,
      tag: target.tag ?? null,
    })),
    deployed: toDeployed(revision, created),
    health: await health,
    pipeline,
  };
}

function toDeployed(revision: Revision, at: string): ServingStatus["deployed"] {
  const by = revision.metadata.annotations?.[CREATOR] ?? null;
  return { at, by, commit: commitOf(revision) ?? null };
}

/** When a version of a secret was made, by its number or alias; null where there is none, or the caller may not see it. */
async function readCreated(
  read: ReadApi,
  projectId: string,
  { secret, version }: { secret: string; version: string },
): Promise<string | null> {
  const api = "secretmanager";
  const path = `v1/projects/${projectId}/secrets/${secret}`;
  try {
    const { versionAliases = {} } = ((await read({ api, path })) ?? {}) as {
      versionAliases?: Record<string, string>;
    };
    const number = versionAliases[version] ?? version;
    const found = (await read({ api, path: `${path}/versions/${number}` })) as
      { createTime?: string } | undefined;
    return found?.createTime ?? null;
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return null;
    throw error;
  }
}
