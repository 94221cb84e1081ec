import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { UserError } from "../../core/user-error.ts";

/** What would make Python install or compile elsewhere, or not at all. */
const MISLEADING = [
  "PYTHONDONTWRITEBYTECODE",
  "PYTHONHOME",
  "PYTHONPATH",
  "PYTHONPYCACHEPREFIX",
  "PIP_PREFIX",
  "PIP_REQUIRE_VIRTUALENV",
  "PIP_TARGET",
  "PIP_USER",
  "UV_PROJECT_ENVIRONMENT",
  "UV_PYTHON",
  "UV_TARGET",
  "VIRTUAL_ENV",
];

export interface Finished {
  exitCode: number;
  /** stdout and stderr, as they came. */
  output: string;
}

/** Runs a program to its end. Throws UserError when it cannot be started. */
export async function run(
  program: string,
  args: string[],
  onLine: (line: string) => void = () => undefined,
): Promise<Finished> {
  const env = { ...process.env };
  for (const name of MISLEADING) Reflect.deleteProperty(env, name);
  const child = spawn(program, args, {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on("line", (line) => {
      lines.push(line);
      onLine(line);
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", (cause) => {
      reject(new UserError(`${program} could not be started.`, { cause }));
    });
    child.once("close", (code) => {
      resolve({ exitCode: code ?? 1, output: lines.join("\n") });
    });
  });
}
