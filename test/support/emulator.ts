import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Member } from "../../emulator/core/cloud.ts";
import {
  type Emulator,
  type EmulatorOptions,
  startEmulator,
} from "../../emulator/emulator.ts";
import type { Exchange } from "../../emulator/core/exchange.ts";
import { neutralEnvironment } from "./environment.ts";

export interface Finished {
  stdout: string;
  stderr: string;
  exitCode: number;
}

export interface RunOptions {
  input?: string;
  env?: Record<string, string>;
  cwd?: string;
}

export interface TestEmulator extends Emulator {
  /** Every request so far. */
  exchanges: Exchange[];
  /** Its log so far, one line an element. */
  lines: string[];
  /** The variables that a process needs to reach it, with a configuration directory of its own. */
  env: Record<string, string>;
  /** The real gcloud against this emulator; never throws on a bad exit code. */
  gcloud(args: readonly string[], options?: RunOptions): Promise<Finished>;
  /** The variables for another caller, with another configuration directory. */
  envFor(member: Member): Record<string, string>;
  /** Gives them all that a project's owner may do. */
  addOwner(member: Member, project?: string): void;
  /** Any other command with this emulator's environment. */
  run(
    command: string,
    args: readonly string[],
    options?: RunOptions,
  ): Promise<Finished>;
}

/** An emulator with a fresh gcloud configuration; `close` removes both. */
export async function startTestEmulator(
  options: EmulatorOptions = {},
): Promise<TestEmulator> {
  const directory = await mkdtemp(join(tmpdir(), "litellm-cloudrun-test-"));
  const exchanges: Exchange[] = [];
  const lines: string[] = [];
  const emulator = await startEmulator({
    ...options,
    log: (line) => {
      lines.push(line);
      options.log?.(line);
    },
    record: (exchange) => {
      exchanges.push(exchange);
      return options.record?.(exchange);
    },
  });
  const env = emulator.environment(join(directory, "gcloud"));
  const run: TestEmulator["run"] = (command, args, runOptions = {}) =>
    runProcess(command, args, {
      ...runOptions,
      env: { ...env, ...runOptions.env },
    });
  return {
    ...emulator,
    exchanges,
    lines,
    env,
    run,
    gcloud: (args, runOptions) => run("gcloud", args, runOptions),
    envFor: (member) =>
      emulator.environment(join(directory, encodeURIComponent(member)), member),
    addOwner: (member, project = "demo-litellm") => {
      emulator.cloud
        .project(project)
        .policy.bindings.push({ role: "roles/owner", members: [member] });
    },
    close: async () => {
      await emulator.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Any command to its end; never throws on a bad exit code. */
export async function runProcess(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...neutralEnvironment(), ...options.env },
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  return { stdout, stderr, exitCode: exitCode ?? -1 };
}
