import type { Cloud } from "../../core/cloud.ts";
import { startMetadataServer } from "../metadata.ts";
import {
  type Container,
  makeDirectory,
  removeDirectory,
  startContainer,
} from "./container.ts";
import { containerEnvironment } from "./container-environment.ts";
import type { Instance, InstanceSpec } from "./instance.ts";
import { watchLiveness } from "./liveness.ts";
import { memoryMessage, watchMemory } from "./memory.ts";
import { type Mount, mountFiles } from "./mount.ts";
import { findFreePort } from "./ports.ts";
import type { PortMap } from "./probe.ts";
import { programFor, type ProgramSources } from "./program.ts";
import type { Reaper } from "./reaper.ts";
import { type ClosableSlots, createSlots } from "./slots.ts";
import { waitForStart } from "./startup.ts";

export interface InstanceContext extends ProgramSources {
  cloud: Cloud;
  /** Started with the first container. */
  reaper: () => Promise<Reaper>;
  /** The emulated Gemini. */
  geminiUrl: string;
  /** Variables that lead LiteLLM to other emulated providers. */
  providers: Readonly<Record<string, string>>;
  /** The emulator's own address: a proxy that lets nothing out. */
  proxyUrl: string | undefined;
  /** Between SIGTERM and SIGKILL. */
  graceMs: number;
  /** Put before each command, such as `taskset --cpu-list 1`. */
  launcher: readonly string[];
  /** Those that run, started or still starting. */
  containers: Set<Container>;
  /** Whether the runtime ends: what starts now is stopped at once. */
  isClosed: () => boolean;
  log: (line: string) => void;
}

/** Starts a process for the container and waits for its startup probe. Throws InstanceError. */
export async function startInstance(
  context: InstanceContext,
  spec: InstanceSpec,
): Promise<Instance> {
  const port = await findFreePort();
  const elsewhere = await findFreePort();
  const portOf: PortMap = (containerPort) =>
    containerPort === spec.containerPort ? port : elsewhere;
  const program = await programFor(spec, context, portOf);
  context.log(
    `${spec.revision}: ${spec.image} runs here as ${program.description}`,
  );
  const metadata = await startMetadataServer(context.cloud, spec);
  const reaper = await context.reaper();
  const directory = await makeDirectory(reaper);
  let mount: Mount | undefined;
  const remove = async () => {
    await mount?.close();
    await removeDirectory(directory);
  };
  let cleaned: Promise<unknown> | undefined;
  const cleanUp = () => (cleaned ??= Promise.all([metadata.close(), remove()]));
  try {
    mount = await mountFiles(spec.files, directory);
    const { relocate } = mount;
    const env = containerEnvironment({
      env: spec.env,
      port,
      directory,
      metadataHost: metadata.host,
      geminiUrl: context.geminiUrl,
      providers: context.providers,
      proxyUrl: context.proxyUrl,
    });
    const [command = "", ...args] = [
      ...context.launcher,
      program.command,
      ...program.args.map(relocate),
    ];
    const container = startContainer({
      command,
      args,
      env: { ...mapValues(env, relocate), ...program.env },
      directory,
      reaper,
      graceMs: context.graceMs,
      log: (entry) => {
        // The container's own paths: the log is read as Cloud Run's.
        spec.log({ ...entry, text: entry.text.replaceAll(directory, "") });
      },
    });
    const ended = container.exited.then(cleanUp);
    context.containers.add(container);
    if (context.isClosed()) void container.terminate();
    void ended.then(() => context.containers.delete(container));
    return await bringUp(spec, container, portOf, ended);
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

async function bringUp(
  spec: InstanceSpec,
  container: Container,
  portOf: PortMap,
  ended: Promise<unknown>,
): Promise<Instance> {
  const stopMemoryWatch = watchMemory(
    container.group,
    spec.memoryBytes,
    (used) => {
      const message = memoryMessage(spec.memoryBytes, used);
      container.kill({ cause: "memory", message });
    },
  );
  try {
    await waitForStart(spec, container, portOf);
  } catch (error) {
    stopMemoryWatch();
    container.kill({ cause: "stopped", message: "It did not start." });
    await ended;
    throw error;
  }
  const stopLiveness = watchLiveness(spec, container, portOf);
  const slots = createSlots(spec.containerConcurrency);
  void container.exited.then(({ cause, message }) => {
    stopMemoryWatch();
    stopLiveness();
    slots.close();
    if (cause === "stopped") return;
    spec.log({ stream: "system", text: message, severity: "ERROR" });
  });
  const stop = async ({ drain = true }: { drain?: boolean } = {}) => {
    if (drain) await drained(slots, container, spec.timeoutSeconds);
    slots.close();
    await container.terminate();
    await ended;
  };
  return {
    url: `http://127.0.0.1:${portOf(spec.containerPort)}`,
    spec,
    slots,
    group: container.group,
    exited: container.exited,
    get exitReason() {
      return container.exitReason;
    },
    stop,
  };
}

/** No request takes longer than the service's timeout, so neither does this. */
async function drained(
  slots: ClosableSlots,
  container: Container,
  timeoutSeconds: number,
): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, timeoutSeconds * 1000, undefined);
  await Promise.race([slots.idle(), container.exited, late]);
  clearTimeout(timer);
}

function mapValues(
  record: Record<string, string>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, change(value)]),
  );
}
