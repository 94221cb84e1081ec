import { spawn } from "node:child_process";
import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs a command with this terminal and resolves to its exit code as a shell would give it. Signals go to the command, which decides. */
export async function executeInside(
  environment: Record<string, string>,
  [command = "", ...args]: string[],
): Promise<number> {
  const forward = (signal: NodeJS.Signals) => {
    // A terminal's Ctrl-C reaches the command by itself.
    if (signal === "SIGINT" && process.stdin.isTTY) return;
    child.kill(signal);
  };
  // Before there is a command: a signal right behind its start must not end this process alone.
  for (const signal of SIGNALS) process.on(signal, forward);
  const child = spawn(command, args, {
    stdio: "inherit",
    env: { ...process.env, ...environment },
  });
  try {
    return await new Promise<number>((resolve) => {
      child.once("error", (error: NodeJS.ErrnoException) => {
        process.stderr.write(`error: ${command}: ${error.message}\n`);
        resolve(error.code === "ENOENT" ? 127 : 126);
      });
      child.once("exit", (code, signal) => {
        resolve(
          signal === null ? (code ?? 1) : 128 + constants.signals[signal],
        );
      });
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, forward);
  }
}
