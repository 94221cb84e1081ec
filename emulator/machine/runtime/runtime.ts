import type { Cloud } from "../../core/cloud.ts";
import { ensureLitellm } from "../litellm/environment.ts";
import type { Container } from "./container.ts";
import { startFrontEnd } from "./front-end.ts";
import { type FindStored, resolveImage, type ScriptImages } from "./images.ts";
import type { FrontEnd, InstanceSpec, LogEntry, Runtime } from "./instance.ts";
import { canWatchMemory } from "./memory.ts";
import type { LitellmChoice } from "./program.ts";
import { openPool } from "./pool.ts";
import { type Reaper, startReaper } from "./reaper.ts";
import { startInstance } from "./start-instance.ts";

/** What Cloud Run writes when requests make it start an instance. */
const COLD_START: LogEntry = {
  stream: "system",
  severity: "INFO",
  text: "Starting new instance. Reason: AUTOSCALING - Instance started due to configured scaling factors (e.g. CPU utilization, request throughput, etc.) or no existing capacity for current traffic.",
};

export interface RuntimeOptions {
  cloud: Cloud;
  /** Where instances find Vertex AI and the Gemini API. */
  geminiUrl: string;
  /** Variables that lead LiteLLM to other emulated providers. */
  providers?: Readonly<Record<string, string>>;
  /** Artifact Registry, as Cloud Run of a project sees it; empty unless told otherwise. */
  stored?: (projectId: string) => FindStored;
  /** The emulator's own address; requests to anything else go there and are refused. */
  proxyUrl?: string;
  /** What runs in place of LiteLLM's image; the real one unless told otherwise. */
  litellm?: LitellmChoice | (() => LitellmChoice);
  /** Images of one's own, for tests. */
  scripts?: ScriptImages;
  /** Milliseconds that a request waits for an instance with room. */
  pendingMs?: number;
  /** Instances of a revision that this machine runs at most, whatever the service allows. */
  mostInstances?: number;
  /** Milliseconds without a request after which an instance above the minimum is stopped. */
  idleMs?: number;
  /** Milliseconds between SIGTERM and SIGKILL. */
  graceMs?: number;
  /** Put before the command of each container: `taskset --cpu-list 1` holds it to one core. */
  launcher?: readonly string[];
  log?: (line: string) => void;
}

/** Starts what runs containers: nothing until the first one. */
export function startRuntime(options: RuntimeOptions): Runtime {
  const { cloud, geminiUrl, providers = {}, proxyUrl } = options;
  const { litellm = "real", scripts = {} } = options;
  const stored = options.stored ?? (() => () => undefined);
  const { pendingMs = 10_000, graceMs = 10_000 } = options;
  const { mostInstances = 4, idleMs = 15 * 60_000 } = options;
  const { launcher = [] } = options;
  const log = options.log ?? (() => undefined);
  let started: Promise<Reaper> | undefined;
  const reaper = () => (started ??= startReaper());
  const containers = new Set<Container>();
  const frontEnds = new Set<FrontEnd>();
  const starting = new Set<Promise<unknown>>();
  const unchecked = new Set<string>();
  let closed = false;
  const environment = () => ensureLitellm(log);
  const context = {
    cloud,
    reaper,
    containers,
    isClosed: () => closed,
    litellm: typeof litellm === "string" ? () => litellm : litellm,
    environment,
    scripts,
    stored,
    graceMs,
    launcher,
    geminiUrl,
    providers,
    proxyUrl,
    log,
  };
  const start = (spec: InstanceSpec) => {
    const launched = startInstance(context, spec);
    starting.add(launched);
    const forget = () => void starting.delete(launched);
    launched.then(forget, forget);
    return launched;
  };
  if (!canWatchMemory()) log("Memory limits are not enforced on this system.");
  return {
    resolveImage: (image, projectId) => {
      const resolved = resolveImage(image, scripts, stored(projectId));
      if (!resolved.checked && !unchecked.has(image)) {
        log(
          `${image}: existence not checked, its tag has one of LiteLLM's forms.`,
        );
        unchecked.add(image);
      }
      return resolved;
    },
    startInstance: start,
    openPool: (spec, scale) =>
      openPool({
        start: async (cold) => {
          const made = spec();
          if (cold) made.log(COLD_START);
          return start(made);
        },
        scale: () => {
          const asked = scale();
          return { ...asked, max: Math.min(asked.max, mostInstances) };
        },
        idleMs,
      }),
    listen: async (route) => {
      const frontEnd = await startFrontEnd({ cloud, route, log, pendingMs });
      frontEnds.add(frontEnd);
      return frontEnd;
    },
    close: async () => {
      closed = true;
      for (const frontEnd of frontEnds) frontEnd.abort();
      await Promise.all([...containers].map((one) => one.terminate()));
      await Promise.allSettled(starting);
      await (await started)?.close();
    },
  };
}
