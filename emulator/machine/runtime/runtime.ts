import type { Cloud } from "../../core/cloud.ts";
import { startGemini } from "../../apis/gemini/server.ts";
import { ensureLitellm } from "../litellm/environment.ts";
import type { Container } from "./container.ts";
import { startFrontEnd } from "./front-end.ts";
import { resolveImage, type ScriptImages } from "./images.ts";
import type { FrontEnd, Runtime } from "./instance.ts";
import { canWatchMemory } from "./memory.ts";
import type { LitellmChoice } from "./program.ts";
import { type Reaper, startReaper } from "./reaper.ts";
import { storedImagesFor } from "./registry-images.ts";
import { startInstance } from "./start-instance.ts";

export interface RuntimeOptions {
  cloud: Cloud;
  /** The emulator's own address; requests to anything else go there and are refused. */
  proxyUrl?: string;
  /** What runs in place of LiteLLM's image; the real one unless told otherwise. */
  litellm?: LitellmChoice | (() => LitellmChoice);
  /** Images of one's own, for tests. */
  scripts?: ScriptImages;
  /** Milliseconds that a request waits for an instance with room. */
  pendingMs?: number;
  /** Milliseconds between SIGTERM and SIGKILL. */
  graceMs?: number;
  log?: (line: string) => void;
}

/** Starts what runs containers: nothing but the emulated Gemini until the first one. */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { cloud, proxyUrl, litellm = "real", scripts = {} } = options;
  const { pendingMs = 10_000, graceMs = 10_000 } = options;
  const log = options.log ?? (() => undefined);
  const gemini = await startGemini(cloud, log);
  let started: Promise<Reaper> | undefined;
  const reaper = () => (started ??= startReaper());
  const containers = new Set<Container>();
  const frontEnds = new Set<FrontEnd>();
  const starting = new Set<Promise<unknown>>();
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
    stored: (projectId: string) => storedImagesFor(cloud, projectId),
    graceMs,
    geminiUrl: gemini.url,
    proxyUrl,
    log,
  };
  if (!canWatchMemory()) log("Memory limits are not enforced on this system.");
  return {
    resolveImage: (image, projectId) =>
      resolveImage(image, scripts, storedImagesFor(cloud, projectId)),
    startInstance: (spec) => {
      const start = startInstance(context, spec);
      starting.add(start);
      const forget = () => void starting.delete(start);
      start.then(forget, forget);
      return start;
    },
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
      await Promise.all([gemini.close(), (await started)?.close()]);
    },
  };
}
