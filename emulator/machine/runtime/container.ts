import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import type { ExitReason, LogEntry } from "./instance.ts";
import type { Reaper } from "./reaper.ts";

export interface ContainerOptions {
  command: string;
  args: string[];
  /** The whole environment. */
  env: Record<string, string>;
  /** Where it starts. */
  directory: string;
  reaper: Reaper;
  /** Between SIGTERM and SIGKILL. */
  graceMs: number;
  log: (entry: LogEntry) => void;
}

/** The process group that stands for a container. */
export interface Container {
  /** Its process group. */
  readonly group: number;
  readonly exited: Promise<ExitReason>;
  readonly exitReason: ExitReason | undefined;
  /** SIGTERM, and SIGKILL if it is still there after the grace period. */
  terminate(): Promise<void>;
  /** SIGKILL, for a reason that then counts as the cause. */
  kill(reason: ExitReason): void;
}

/** A private directory for one container's files, removed by `removeDirectory`. */
export async function makeDirectory(reaper: Reaper): Promise<string> {
  return mkdtemp(path.join(reaper.directory, "instance-"));
}

export async function removeDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}

/** Starts a process group for a container. */
export function startContainer(options: ContainerOptions): Container {
  const { command, args, env, directory, reaper, graceMs, log } = options;
  const child = spawn(command, args, {
    cwd: directory,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const group = child.pid;
  if (group !== undefined) reaper.watch(group);
  pipeLines(child, log);
  let asked: ExitReason | undefined;
  let exitReason: ExitReason | undefined;
  const signal = (name: NodeJS.Signals, target: number | undefined) => {
    if (target === undefined || exitReason !== undefined) return;
    try {
      process.kill(target, name);
    } catch {
      // It ended meanwhile.
    }
  };
  const killGroup = () => {
    signal("SIGKILL", group === undefined ? undefined : -group);
  };
  child.once("exit", killGroup);
  const exited = endOf(child).then((reason) => {
    exitReason = asked ?? reason;
    if (group !== undefined) reaper.forget(group);
    return exitReason;
  });
  return {
    group: group ?? 0,
    exited,
    get exitReason() {
      return exitReason;
    },
    terminate: async () => {
      asked ??= { cause: "stopped", message: "The instance was stopped." };
      signal("SIGTERM", group);
      const timer = new AbortController();
      const late = delay(graceMs, undefined, { signal: timer.signal });
      await Promise.race([exited, late]);
      timer.abort();
      late.catch(() => undefined);
      killGroup();
      await exited;
    },
    kill: (reason) => {
      asked ??= reason;
      killGroup();
    },
  };
}

async function endOf(child: ChildProcess): Promise<ExitReason> {
  const failed = new Promise<ExitReason>((resolve) => {
    child.once("error", (error) => {
      resolve({
        cause: "exit",
        message: `Application failed to start: ${error.message}`,
      });
    });
  });
  const closed = once(child, "close").then(([code, signal]): ExitReason => {
    if (signal === null) {
      const exitCode = Number(code);
      const message = `Container called exit(${exitCode}).`;
      return { cause: "exit", message, exitCode };
    }
    const number = os.constants.signals[signal as NodeJS.Signals];
    const message = `Container terminated on signal ${number}.`;
    return { cause: "signal", message, exitCode: 128 + number };
  });
  closed.catch(() => undefined);
  return Promise.race([failed, closed]);
}

function pipeLines(child: ChildProcess, log: (entry: LogEntry) => void): void {
  for (const stream of ["stdout", "stderr"] as const) {
    const input = child[stream];
    if (input === null) continue;
    createInterface({ input }).on("line", (text) => {
      log({ stream, text });
    });
  }
}
