import type { Cloud } from "../../../core/cloud.ts";
import type { Job, Phase, Rollout } from "../rollout.ts";

/** Runs a container to its end with the identity of a service account; resolves to its exit code. */
export type RunContainer = (container: {
  image: string;
  command: string[];
  args: string[];
  env: Record<string, string>;
  /** Email. */
  account: string;
  projectId: string;
  log: (line: string) => void;
  signal: AbortSignal;
}) => Promise<number>;

/** What rollouts work with. */
export interface EngineContext {
  cloud: Cloud;
  /** The emulator's own address. */
  url: string;
  /** Milliseconds that the wait of an automation's rule lasts at most. */
  longestWait: () => number;
  /** Whether the rollback of a repair waits for approval on a target that asks for it. */
  repairsAskApproval: () => boolean;
  log: (line: string) => void;
  runContainer: RunContainer;
  reactions: Reactions;
  /** Set when the emulator ends: nothing begins any more. */
  closed: boolean;
  /** Job runs under way, by name. */
  running: Map<string, Task>;
  /** Automation runs under way, by name. */
  automating: Map<string, Task>;
}

/** What automations do about what happens to rollouts. */
export interface Reactions {
  phaseSucceeded(context: EngineContext, rollout: Rollout, phase: Phase): void;
  rolloutSucceeded(context: EngineContext, rollout: Rollout): void;
  jobFailed(
    context: EngineContext,
    rollout: Rollout,
    phase: Phase,
    job: Job,
  ): void;
}

/** Something that runs in the background. */
export interface Task {
  /** Aborted to stop it. */
  stop: AbortController;
  /** Resolves when it has ended; never rejects. */
  ended: Promise<void>;
}

/** Runs `work` in the background, known by `name` until it has ended. */
export function startTask(
  context: EngineContext,
  tasks: Map<string, Task>,
  name: string,
  work: (signal: AbortSignal) => Promise<void>,
): void {
  if (context.closed) return;
  const stop = new AbortController();
  const ended = work(stop.signal)
    .catch((error: unknown) => {
      const stack = error instanceof Error ? error.stack : undefined;
      context.log(`bug in Cloud Deploy: ${stack ?? String(error)}`);
    })
    .finally(() => tasks.delete(name));
  tasks.set(name, { stop, ended });
}

/** Ends all that runs, and resolves when it has ended. */
export async function stopTasks(context: EngineContext): Promise<void> {
  context.closed = true;
  const { automating, running } = context;
  const tasks = [...automating.values(), ...running.values()];
  for (const { stop } of tasks) stop.abort(new Error("Cloud Deploy is closed"));
  await Promise.all(tasks.map(({ ended }) => ended));
}
