import { deleteService, replaceService } from "../google/commands/run.ts";
import { formatCommand, whyRefused } from "../google/gcloud.ts";
import { parseJson } from "../google/parse-json.ts";
import type { Service } from "../manifest/knative.ts";
import { formatManifest } from "../manifest/render-manifest.ts";
import type { Step } from "../plan/step.ts";
import type { ServiceEffects } from "./effects.ts";
import { removedMeanwhile, requireServing } from "./foreign-change.ts";
import { withLastErrors } from "./last-errors.ts";
import {
  type WholeWrite,
  refuseOverwritten,
  takesTraffic,
} from "./overwritten.ts";

/**
 * Runs a write of the service. gcloud tries again what got no answer: where the
 * first try was done all the same, the second meets it as a change by somebody
 * else, or is one request too many. Returns the service as it is then, and otherwise what the write does.
 */
export async function orDoneBefore<T>(
  { readService }: Pick<ServiceEffects, "readService">,
  write: () => Promise<T>,
  isDone: (service: Service) => boolean,
): Promise<T | Service> {
  try {
    return await write();
  } catch (error) {
    const mayBeDone = whyRefused(error) !== undefined;
    const service = mayBeDone ? await readService() : undefined;
    if (service === undefined || !isDone(service)) throw error;
    return service;
  }
}

export function hasTag({ status }: Service, tag: string): boolean {
  return (status?.traffic ?? []).some((t) => t.tag === tag);
}

/** Writes the manifest, and stops where somebody else wrote at the same time. */
export function replaceStep(
  write: WholeWrite,
  title: string,
): Step<ServiceEffects> {
  const { settings, manifest } = write;
  const command = replaceService(settings, formatManifest(manifest));
  const revision = manifest.spec.template.metadata?.name ?? "";
  const bringUp = async (effects: ServiceEffects): Promise<Service> => {
    const written = await orDoneBefore(
      effects,
      async () => parseJson(command, await effects.gcloud(command)) as Service,
      ({ spec }) => spec.template.metadata?.name === revision,
    );
    // The service was ready, which may be by another run's revision.
    await effects.awaitRevision(revision);
    return written;
  };
  return {
    title,
    preview: formatCommand(command),
    command,
    upTo: startupSeconds(manifest),
    run: async (effects) => {
      const written = await withLastErrors(effects, settings, revision, () =>
        bringUp(effects),
      ).catch(async (error: unknown) => {
        await refuseRemoved(effects, write, await effects.readService(), error);
        throw error;
      });
      await refuseRemoved(effects, write, written);
      await refuseOverwritten(effects, write, written);
      if (takesTraffic(manifest)) requireServing(settings, revision, written);
    },
  };
}

/**
 * gcloud makes a service that was removed anew, with traffic for revisions that are
 * gone: nothing can serve there, so it goes again. Throws UserError then.
 */
async function refuseRemoved(
  { gcloud }: ServiceEffects,
  { settings, state, manifest }: WholeWrite,
  now: Service | undefined,
  cause?: unknown,
): Promise<void> {
  const planned = state.service?.metadata.creationTimestamp;
  if (planned === undefined || now?.metadata.creationTimestamp === planned) {
    return;
  }
  const isOurs =
    now?.metadata.generation === 1 &&
    now.spec.template.metadata?.name === manifest.spec.template.metadata?.name;
  if (isOurs) await gcloud(deleteService(settings)).catch(() => "");
  throw removedMeanwhile(settings, cause);
}

/** How long a container may take until its startup probe gives up. */
function startupSeconds({ spec }: Service): number | undefined {
  const [container] = spec.template.spec.containers;
  const { periodSeconds, failureThreshold } = (container?.startupProbe ??
    {}) as { periodSeconds?: number; failureThreshold?: number };
  if (periodSeconds === undefined || failureThreshold === undefined) {
    return undefined;
  }
  return periodSeconds * failureThreshold;
}
