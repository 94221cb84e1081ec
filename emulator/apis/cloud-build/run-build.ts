import { mkdir } from "node:fs/promises";
import path from "node:path";
import {
  makeDirectory,
  removeDirectory,
} from "../../machine/runtime/container.ts";
import { type BuildLog, MAIN, openBuildLog } from "./build-log.ts";
import { copySource } from "./copy-source.ts";
import { parseDuration } from "./durations.ts";
import { BuildFailure, Stopped } from "./endings.ts";
import { fetchSource } from "./fetch-source.ts";
import type { StepContext } from "./run-step.ts";
import { runSteps } from "./run-steps.ts";
import { pushOne } from "./stand-ins/docker.ts";
import { ToolError } from "./stand-ins/tool.ts";
import type { StoredBuild } from "./state.ts";
import type { Workshop } from "./workshop.ts";

const HOUR_MS = 3_600_000;

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
