import type { Revision, Service } from "../manifest/knative.ts";
import { toMebibytes } from "../settings/memory.ts";

/** What was measured, as Cloud Run has it: the env file may say something else by now. */
export interface Sizes {
  /** CONCURRENCY; 0: Cloud Run's own default. */
  concurrency: number;
  /** MEMORY, in MiB; undefined where none is set. */
  memory: number | undefined;
  /** MAX_INSTANCES; undefined where none is set. */
  maxInstances: number | undefined;
}

export function sizesOf(service: Service, { spec }: Revision): Sizes {
  const [container] = spec.containers;
  const { limits } = (container?.resources ?? {}) as {
    limits?: { memory?: string };
  };
  const most = service.metadata.annotations?.["run.googleapis.com/maxScale"];
  return {
    concurrency: Number(spec.containerConcurrency ?? 0),
    memory:
      limits?.memory === undefined ? undefined : toMebibytes(limits.memory),
    maxInstances: most === undefined ? undefined : Number(most),
  };
}
