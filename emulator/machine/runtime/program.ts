import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ROOT } from "../../core/root.ts";
import type { LitellmEnvironment } from "../litellm/environment.ts";
import {
  type FindStored,
  findScript,
  resolveImage,
  type ScriptImages,
} from "./images.ts";
import { InstanceError, type InstanceSpec } from "./instance.ts";
import type { PortMap } from "./probe.ts";

/** The real LiteLLM from its Python environment, or a small Node program that answers alike and starts at once. */
export type LitellmChoice = "real" | "stand-in";

/** A process to start in place of a container. */
export interface Program {
  command: string;
  args: string[];
  /** Besides the container's own environment. */
  env?: Record<string, string>;
  /** What the log says it is. */
  description: string;
}

export interface ProgramSources {
  /** Asked at each start. */
  litellm: () => LitellmChoice;
  environment: () => Promise<LitellmEnvironment>;
  scripts: ScriptImages;
  /** Artifact Registry, as a project sees it. */
  stored: (projectId: string) => FindStored;
}

const STAND_IN = fileURLToPath(
  new URL("../litellm/stand-in/main.ts", import.meta.url),
);
const LAUNCH = fileURLToPath(new URL("../litellm/launch.py", import.meta.url));
const HELLO = fileURLToPath(new URL("hello.ts", import.meta.url));

/** What LiteLLM's image runs without arguments of the service. */
const LITELLM_COMMAND = ["litellm", "docker/prod_entrypoint.sh"];

/** The program that runs here for the image of a container. */
export async function programFor(
  spec: InstanceSpec,
  sources: ProgramSources,
  portOf: PortMap,
): Promise<Program> {
  const { scripts, stored } = sources;
  const { kind } = resolveImage(spec.image, scripts, stored(spec.projectId));
  const [command, ...first] = spec.command;
  const args = [...first, ...spec.args];
  if (kind !== "litellm") {
    if (command !== undefined) throw notInImage(command);
    const file = findScript(spec.image, sources.scripts) ?? HELLO;
    return { ...script(file, args), description: path.basename(file) };
  }
  if (command !== undefined && !LITELLM_COMMAND.includes(command)) {
    throw notInImage(command);
  }
  const onLoopback = bindToLoopback(args, portOf);
  if (sources.litellm() === "stand-in") {
    return {
      ...script(STAND_IN, onLoopback),
      description: "the emulator's stand-in for LiteLLM",
    };
  }
  const environment = await sources.environment();
  return {
    command: environment.python,
    args: [LAUNCH, ...onLoopback],
    description: `LiteLLM ${environment.version} from PyPI`,
  };
}

/** A container has its ports for itself; a process here must take a free one, on loopback only. */
function bindToLoopback(args: string[], portOf: PortMap): string[] {
  const { tokens } = parseArgs({
    args,
    strict: false,
    tokens: true,
    options: { host: { type: "string" }, port: { type: "string" } },
  });
  const bound = args.map((arg): string | undefined => arg);
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    if (token.name !== "host" && token.name !== "port") continue;
    bound[token.index] = undefined;
    if (token.inlineValue === false) bound[token.index + 1] = undefined;
    if (token.name === "host") continue;
    bound[token.index] = `--port=${portOf(Number(token.value))}`;
  }
  return [...bound.filter((arg) => arg !== undefined), "--host=127.0.0.1"];
}

/** Where Node keeps what it has compiled: a program starts in half the time. */
const COMPILED = path.join(ROOT, ".cache/node");

/** A Node script. */
export function script(file: string, args: string[]) {
  // Newer versions of Node run TypeScript themselves, in half the time.
  const loader = process.features.typescript
    ? []
    : ["--import", import.meta.resolve("tsx")];
  return {
    command: process.execPath,
    args: [...loader, file, ...args],
    env: { NODE_COMPILE_CACHE: COMPILED },
  };
}

function notInImage(command: string): InstanceError {
  return new InstanceError(
    "HealthCheckContainerError",
    `Application failed to start: the emulator cannot run "${command}" in place of this image.`,
  );
}
