import path from "node:path";
import { pullImage } from "../artifact-registry/push-image.ts";
import {
  type ImageContent,
  parseRegistryReference,
} from "../artifact-registry/state.ts";
import { GoogleError } from "../../core/google-error.ts";
import {
  makeDirectory,
  removeDirectory,
} from "../../machine/runtime/container.ts";
import { copySource, linkPackages } from "./copy-source.ts";
import { withTag } from "./local-images.ts";
import { type ContainerProcess, relocate, runProcess } from "./run-process.ts";
import { type Builder, findBuilder } from "./stand-ins/builders.ts";
import { TOOLS } from "./stand-ins/tools.ts";
import {
  type ToolCall,
  type ToolContext,
  ToolError,
  type ToolResult,
} from "./stand-ins/tool.ts";
import type { Step, StoredBuild } from "./state.ts";
import { commandOf, directoryOf, processOf } from "./step-process.ts";
import { startToolServer } from "./tool-server.ts";
import type { Workshop } from "./workshop.ts";
import { asStranger } from "./workspace-user.ts";

/** What the steps of a build share. */
export interface StepContext {
  workshop: Workshop;
  build: StoredBuild;
  tools: ToolContext;
  /** `/workspace` of the build, on this machine. */
  workspace: string;
  signal: AbortSignal;
}

const SHELLS = ["sh", "bash", "/bin/sh", "/bin/bash", "busybox"];

/** Runs a step to its end; resolves to its exit code. Throws ToolError or GoogleError where it cannot run. */
export async function runStep(
  context: StepContext,
  step: Step,
  log: (line: string) => void,
): Promise<number> {
  const builder = findBuilder(step.name);
  const scratch = await makeDirectory(await context.workshop.reaper());
  try {
    if (builder === undefined) {
      return await runToolsStep(context, step, scratch, log);
    }
    return await runBuilderStep(context, step, builder, scratch, log);
  } finally {
    await removeDirectory(scratch);
  }
}

/** In an image that a build made: a process in a copy of the image's source. */
async function runToolsStep(
  context: StepContext,
  step: Step,
  scratch: string,
  log: (line: string) => void,
): Promise<number> {
  const content = findContent(context, step.name);
  if (content.kind !== "tools") {
    throw new ToolError(
      `The emulated Cloud Build runs no steps in ${step.name}: it stands for LiteLLM.`,
    );
  }
  const app = path.join(scratch, "app");
  await copySource(content.directory, app);
  await linkPackages(app);
  log(
    "The emulator runs this step as a process on this machine, in a copy of the source that the image was built from.",
  );
  const mounts = { "/app": app, "/workspace": context.workspace };
  const [command = "", ...args] = await commandOf(step, scratch, undefined);
  return runCommand(context, step, { command, args, mounts, scratch, log });
}

/** As a process of the step, and until the build is over. */
function runCommand(
  { workshop, build, signal }: StepContext,
  step: Step,
  rest: Omit<ContainerProcess, keyof ReturnType<typeof processOf> | "signal">,
): Promise<number> {
  return runProcess(workshop, { ...processOf(build, step), signal, ...rest });
}

/** docker, crane, cosign: stand-ins, called by the step or by a shell script of it. */
async function runBuilderStep(
  context: StepContext,
  step: Step,
  builder: Builder,
  scratch: string,
  log: (line: string) => void,
): Promise<number> {
  const [command = "", ...args] = await commandOf(step, scratch, builder.name);
  const mounts = { "/workspace": context.workspace };
  const call = (tool: string, one: ToolCall): Promise<ToolResult> =>
    callTool(context, tool === builder.name ? builder : undefined, tool, one);
  if (command === builder.name) {
    const directory = relocate(directoryOf(step), mounts);
    const moved = args.map((arg) => relocate(arg, mounts));
    const result = await call(command, { args: moved, directory, stdin: "" });
    writeLines(`${result.stderr}${result.stdout}`, log);
    return result.exitCode;
  }
  const isScript = command === path.join(scratch, "script");
  if (!builder.shell || !(SHELLS.includes(command) || isScript)) {
    log(
      `starting container process caused: exec: "${command}": executable file not found in $PATH`,
    );
    return 127;
  }
  const server = await startToolServer(path.join(scratch, "bin"), call);
  try {
    const shell = (): Promise<number> =>
      runCommand(context, step, {
        command,
        args,
        mounts,
        scratch,
        log,
        path: [server.directory],
      });
    return await (builder.root
      ? shell()
      : asStranger(context.workspace, log, shell));
  } finally {
    await server.close();
  }
}

async function callTool(
  { tools }: StepContext,
  builder: Builder | undefined,
  tool: string,
  call: ToolCall,
): Promise<ToolResult> {
  const failed = (exitCode: number, message: string): ToolResult => ({
    exitCode,
    stdout: "",
    stderr: `${message}\n`,
  });
  if (builder === undefined) return failed(127, `sh: ${tool}: not found`);
  try {
    return await TOOLS[builder.name](tools, call);
  } catch (error) {
    if (error instanceof ToolError)
      return failed(error.exitCode, error.message);
    if (error instanceof GoogleError)
      return failed(1, `Error: ${error.message}`);
    throw error;
  }
}

/** What stands behind the image, made by this build or in Artifact Registry. */
function findContent({ tools }: StepContext, name: string): ImageContent {
  const local = tools.local.get(withTag(name));
  if (local !== undefined) return local.content;
  if (parseRegistryReference(name) === undefined) {
    throw new ToolError(
      `The emulated Cloud Build does not run the image ${name}: it stands in for the builders docker, crane and cosign, and runs images that a build made from a source directory.`,
    );
  }
  return pullImage(tools.cloud, tools.member, name).content;
}

function writeLines(text: string, log: (line: string) => void): void {
  for (const line of text.split("\n")) if (line !== "") log(line);
}
