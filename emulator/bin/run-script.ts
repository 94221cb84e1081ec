import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { script } from "../machine/runtime/program.ts";

/** Variables of the user's shell that would change what is rehearsed. */
const SETTINGS_OF_THE_SHELL =
  /^(CLOUDSDK_|GOOGLE_|PROJECT_ID$|REGION$|MODEL_REGION$|LITELLM_MASTER_KEY$|MY_MASTER_KEY$|GEMINI_API_KEY$|MY_GEMINI_KEY$)/;

export interface ScriptRun {
  /** `deploy.ts`, with its arguments. */
  command: readonly string[];
  /** The project's own, or a clone's. */
  directory: string;
  env: NodeJS.ProcessEnv;
  /** Where its standard error goes: to the user, or into the result. */
  stderr: "inherit" | "pipe";
  signal: AbortSignal;
}

/** Runs a script as `npx tsx scripts/…` does, without the second that npx takes. Throws the signal's reason where it was interrupted. */
export async function runScriptOfProject({
  command: [name = "", ...args],
  directory,
  env,
  stderr,
  signal,
}: ScriptRun): Promise<{ stdout: string; stderr: string; succeeded: boolean }> {
  signal.throwIfAborted();
  const program = script(`scripts/${name}`, args);
  const child = spawn(program.command, program.args, {
    cwd: directory,
    env: { ...env, ...program.env },
    stdio: [stderr === "inherit" ? "inherit" : "ignore", "pipe", stderr],
  });
  const [printed, told, [code]] = await Promise.all([
    child.stdout === null ? "" : text(child.stdout),
    child.stderr === null ? "" : text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  signal.throwIfAborted();
  return { stdout: printed, stderr: told, succeeded: code === 0 };
}

/** The user's shell without what would change a rehearsal. */
export function withoutSettings(
  environment: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => !SETTINGS_OF_THE_SHELL.test(name),
    ),
  );
}
