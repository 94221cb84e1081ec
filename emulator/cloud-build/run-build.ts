import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { GoogleError } from "../google-error.ts";
import { makeDirectory, removeDirectory } from "../runtime/container.ts";
import { readObject } from "../storage/state.ts";
import { type BuildLog, MAIN, openBuildLog } from "./build-log.ts";
import { copySource } from "./copy-source.ts";
import { parseDuration } from "./durations.ts";
import { type StepContext, runStep } from "./run-step.ts";
import { pushOne } from "./stand-ins/docker.ts";
import { ToolError } from "./stand-ins/tool.ts";
import type { FailureType, Step, StoredBuild } from "./state.ts";
import type { Workshop } from "./workshop.ts";

const HOUR_MS = 3_600_000;

/** Why a build failed. */
class BuildFailure extends Error {
  readonly type: FailureType;

  constructor(type: FailureType, message: string) {
    super(message);
    this.type = type;
  }
}

/** Why a build was stopped. */
export class Stopped extends Error {
  readonly status: "CANCELLED" | "TIMEOUT";

  constructor(status: "CANCELLED" | "TIMEOUT") {
    super(status);
    this.status = status;
  }
}

/** Fetches the source, runs the steps, pushes the images. Never rejects: the build says how it ended. */
export async function runBuild(
  workshop: Workshop,
  build: StoredBuild,
): Promise<void> {
  const { stop, sent } = build;
  const log = openBuildLog(workshop.cloud, build, workshop.log);
  const timer = setTimeout(
    () => {
      stop.abort(new Stopped("TIMEOUT"));
    },
    parseDuration(sent.timeout, "timeout") ?? HOUR_MS,
  );
  build.status = "WORKING";
  build.startTime = new Date().toISOString();
  log(MAIN, `starting build "${build.id}"`);
  const scratch = await makeDirectory(await workshop.reaper());
  try {
    await runAll(workshop, build, scratch, log);
    build.status = "SUCCESS";
    log(MAIN, "DONE");
  } catch (error) {
    fail(build, error, log, workshop);
  } finally {
    clearTimeout(timer);
    for (const step of build.steps) {
      if (step.status === "WORKING") step.status = build.status;
    }
    await removeDirectory(scratch);
    build.finishTime = new Date().toISOString();
  }
}

async function runAll(
  workshop: Workshop,
  build: StoredBuild,
  scratch: string,
  log: BuildLog,
): Promise<void> {
  const { cloud } = workshop;
  const workspace = path.join(scratch, "workspace");
  await mkdir(workspace);
  log(MAIN, "FETCHSOURCE");
  await fetchSource(workshop, build, workspace, log);
  const context: StepContext = {
    workshop,
    build,
    workspace,
    signal: build.stop.signal,
    tools: {
      cloud,
      member: `serviceAccount:${build.account}`,
      local: new Map(),
      keep: async (directory) => {
        const kept = await makeDirectory(await workshop.reaper());
        await copySource(directory, kept);
        return kept;
      },
    },
  };
  log(MAIN, "BUILD");
  await runSteps(context, log);
  pushImages(context, log);
}

/** Each step begins when those that it waits for have ended; by default all before it. */
async function runSteps(context: StepContext, log: BuildLog): Promise<void> {
  const { steps } = context.build;
  const ended: Promise<void>[] = [];
  const byId = new Map<string, Promise<void>>();
  const failed = new AbortController();
  steps.forEach((step, index) => {
    const { waitFor = [], id = "" } = step;
    const before =
      waitFor.length === 0
        ? [...ended]
        : waitFor.flatMap((other) => byId.get(other) ?? []);
    const run = Promise.all(before).then(async () => {
      if (failed.signal.aborted) return;
      await runOne(context, step, index, log, failed.signal);
    });
    run.catch(() => {
      failed.abort();
    });
    ended.push(run);
    if (id !== "") byId.set(id, run);
  });
  const results = await Promise.allSettled(ended);
  for (const result of results) {
    if (result.status === "rejected") throw result.reason;
  }
}

async function runOne(
  context: StepContext,
  step: Step,
  index: number,
  log: BuildLog,
  failed: AbortSignal,
): Promise<void> {
  const { signal } = context;
  signal.throwIfAborted();
  const name = `Step #${index}${step.id === undefined ? "" : ` - "${step.id}"`}`;
  const say = (line: string) => {
    log(name, line);
  };
  log(MAIN, `Starting ${name}`);
  const startTime = new Date().toISOString();
  step.status = "WORKING";
  step.timing = { startTime };
  const own = AbortSignal.any([signal, failed, ...timeoutOf(step)]);
  const exitCode = await runStep({ ...context, signal: own }, step, say).catch(
    (error: unknown) => {
      if (!(error instanceof ToolError || error instanceof GoogleError)) {
        throw error;
      }
      say(error.message);
      return 1;
    },
  );
  step.timing = { startTime, endTime: new Date().toISOString() };
  signal.throwIfAborted();
  if (failed.aborted) {
    step.status = "CANCELLED";
    return;
  }
  step.exitCode = exitCode;
  if (own.aborted) {
    step.status = "TIMEOUT";
    throw new Stopped("TIMEOUT");
  }
  step.status = exitCode === 0 ? "SUCCESS" : "FAILURE";
  log(MAIN, `Finished ${name}`);
  const allowed =
    step.allowFailure === true || step.allowExitCodes?.includes(exitCode);
  if (exitCode === 0 || allowed) return;
  throw new BuildFailure(
    "USER_BUILD_STEP",
    `build step ${index} "${step.name}" failed: step exited with non-zero status: ${exitCode}`,
  );
}

function timeoutOf(step: Step): AbortSignal[] {
  const milliseconds = parseDuration(step.timeout, "timeout");
  return milliseconds === undefined ? [] : [AbortSignal.timeout(milliseconds)];
}

async function fetchSource(
  workshop: Workshop,
  build: StoredBuild,
  workspace: string,
  log: BuildLog,
): Promise<void> {
  if (build.checkout !== undefined) {
    log(MAIN, "The emulator takes the checkout that was pushed.");
    await copySource(build.checkout, workspace);
    return;
  }
  const { storageSource } = build.sent.source ?? {};
  if (storageSource === undefined) return;
  const { bucket = "", object = "" } = storageSource;
  const url = `gs://${bucket}/${object}`;
  log(MAIN, `Fetching storage object: ${url}`);
  const archive = `${workspace}.tgz`;
  await writeFile(archive, readObject(workshop.cloud, url));
  const child = spawn("tar", ["-xzf", archive, "-C", workspace], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [complaint, [code]] = await Promise.all([
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  if (code === 0) return;
  throw new BuildFailure(
    "FETCH_SOURCE_FAILED",
    `failed to fetch source: ${url} is no tar archive: ${complaint.trim()}`,
  );
}

/** `images` of the build. */
function pushImages({ build, tools }: StepContext, log: BuildLog): void {
  const { images = [] } = build.sent;
  if (images.length > 0) log(MAIN, "PUSH");
  for (const name of images) {
    log(MAIN, `Pushing ${name}`);
    try {
      build.pushed.push({ name, digest: pushOne(tools, name).digest });
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      const missing = error.message.startsWith("An image does not exist");
      throw new BuildFailure(
        missing ? "PUSH_IMAGE_NOT_FOUND" : "PUSH_FAILED",
        `failed to push images: ${error.message}`,
      );
    }
  }
}

function fail(
  build: StoredBuild,
  error: unknown,
  log: BuildLog,
  { log: say }: Workshop,
): void {
  const reason: unknown = build.stop.signal.reason;
  const stopped =
    reason instanceof Stopped
      ? reason
      : error instanceof Stopped
        ? error
        : undefined;
  if (stopped !== undefined) {
    build.status = stopped.status;
    log(MAIN, stopped.status);
    return;
  }
  if (error instanceof BuildFailure) {
    build.status = "FAILURE";
    build.statusDetail = error.message;
    build.failureInfo = {
      type: error.type,
      detail: `Build step failure: ${error.message}`,
    };
  } else {
    build.status = "INTERNAL_ERROR";
    build.statusDetail = error instanceof Error ? error.message : String(error);
    say(
      `bug in Cloud Build: ${error instanceof Error ? (error.stack ?? "") : String(error)}`,
    );
  }
  log(MAIN, "ERROR");
  log(MAIN, `ERROR: ${build.statusDetail}`);
}
