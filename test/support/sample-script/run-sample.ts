import path from "node:path";
import { type Finished, type RunOptions, runProcess } from "../emulator.ts";

const LAUNCH = path.resolve(import.meta.dirname, "../../../launch.js");
const SAMPLE = path.join(import.meta.dirname, "main.ts");
const PTY = path.join(import.meta.dirname, "../on-terminal.py");

/** Runs the sample as a script is run, without a terminal. */
export function runSample(
  args: readonly string[],
  options?: RunOptions,
): Promise<Finished> {
  const [command = "", ...rest] = commandOf(args);
  return runProcess(command, rest, options);
}

/** The same on a terminal, with `[question, typed]` answers; all that it shows is in `stdout`. */
export function runSampleOnTerminal(
  args: readonly string[],
  answers: readonly (readonly [string, string])[],
): Promise<Finished> {
  const input = JSON.stringify({ command: commandOf(args), answers });
  return runProcess("python3", [PTY], { input });
}

function commandOf(args: readonly string[]): string[] {
  return [process.execPath, "--import", LAUNCH, SAMPLE, ...args];
}
