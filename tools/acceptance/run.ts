import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

/** How a command ended, and what it wrote. */
export interface Answer {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** A command, and where and with what it runs. */
export interface Run {
  command: string;
  args: readonly string[];
  directory: string;
  env?: Readonly<Record<string, string>>;
  signal: AbortSignal;
}

/** Runs it to its end. Throws the signal's reason where it was interrupted. */
export async function run({
  command,
  args,
  directory,
  env = {},
  signal,
}: Run): Promise<Answer> {
  signal.throwIfAborted();
  const child = spawn(command, args, {
    cwd: directory,
    env: { ...process.env, CLOUDSDK_CORE_DISABLE_PROMPTS: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = () => child.kill("SIGINT");
  signal.addEventListener("abort", stop);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
  return { exitCode: code ?? 1, stdout, stderr };
}
