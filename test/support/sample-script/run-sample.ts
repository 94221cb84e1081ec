import path from "node:path";
import { type Finished, type RunOptions, runProcess } from "../emulator.ts";

type Answers = readonly (readonly [string, string])[];

const LAUNCH = path.resolve(import.meta.dirname, "../../../launch.js");
const PTY = path.join(import.meta.dirname, "../on-terminal.py");

/** Runs the sample as a script is run, without a terminal. */
export function runSample(
  args: readonly string[],
  options?: RunOptions,
): Promise<Finished> {
  return run("main.ts", args, options);
}

/** The same on a terminal, with `[question, typed]` answers; all that it shows is in `stdout`. */
export function runSampleOnTerminal(
  args: readonly string[],
  answers: Answers,
): Promise<Finished> {
  return runOnTerminal("main.ts", args, answers);
}

export function runCollectKeys(
  args: readonly string[],
  options: RunOptions,
): Promise<Finished> {
  return run("collect-keys.ts", args, options);
}

export function runCollectKeysOnTerminal(
  answers: Answers,
  env: Record<string, string>,
): Promise<Finished> {
  return runOnTerminal("collect-keys.ts", [], answers, env);
}

function run(
  script: string,
  args: readonly string[],
  options?: RunOptions,
): Promise<Finished> {
  const [command = "", ...rest] = commandOf(script, args);
  return runProcess(command, rest, options);
}

function runOnTerminal(
  script: string,
  args: readonly string[],
  answers: Answers,
  env: Record<string, string> = {},
): Promise<Finished> {
  const input = JSON.stringify({ command: commandOf(script, args), answers });
  return runProcess("python3", [PTY], { input, env });
}

function commandOf(script: string, args: readonly string[]): string[] {
  const file = path.join(import.meta.dirname, script);
  return [process.execPath, "--import", LAUNCH, file, ...args];
}
