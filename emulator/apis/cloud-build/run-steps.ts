import { GoogleError } from "../../core/google-error.ts";
import { type BuildLog, MAIN } from "./build-log.ts";
import { parseDuration } from "./durations.ts";
import { BuildFailure, Stopped } from "./endings.ts";
import { type StepContext, runStep } from "./run-step.ts";
import { ToolError } from "./stand-ins/tool.ts";
import type { Step } from "./state.ts";

/** Each step begins when those that it waits for have ended; by default all before it. */
export async function runSteps(
  context: StepContext,
  log: BuildLog,
): Promise<void> {
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
