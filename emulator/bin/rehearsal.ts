import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { UserError } from "../core/user-error.ts";
import { type Emulator, startEmulator } from "../emulator.ts";
import { geminiOf, newGeminiApiKey } from "../apis/gemini/state.ts";
import { runScriptOfProject, withoutSettings } from "./run-script.ts";
import { ROOT } from "../core/root.ts";

export interface Rehearsal {
  readonly emulator: Emulator;
  /** Settles when the user wants to stop. */
  readonly interrupted: Promise<void>;
  /** Runs a script of this project for env `local`, as the user would, and returns its standard output. Throws when it fails. */
  run: (script: string, ...options: string[]) => Promise<string>;
  /** Leaves no process and no file behind. */
  close: () => Promise<void>;
}

export async function startRehearsal(options: {
  mode: "vertex" | "apikey";
  log: ((line: string) => void) | undefined;
  signal: AbortSignal;
}): Promise<Rehearsal> {
  const { mode, log, signal } = options;
  const scratch = await mkdtemp(path.join(tmpdir(), "litellm-cloudrun-"));
  const emulator = await startEmulator(log === undefined ? {} : { log });
  const environment = {
    ...withoutSettings(process.env),
    ...emulator.environment(scratch),
    MODE: mode,
    ...(mode === "apikey" && {
      GEMINI_API_KEY: newGeminiApiKey(geminiOf(emulator.cloud)),
    }),
  };
  return {
    emulator,
    interrupted: new Promise((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => {
        resolve();
      });
    }),
    async run(script, ...args) {
      signal.throwIfAborted();
      const command = [script, "local", ...args];
      process.stderr.write(`\n$ npx tsx scripts/${command.join(" ")}\n`);
      const { stdout, succeeded } = await runScriptOfProject({
        command,
        directory: ROOT,
        env: environment,
        signal,
        stderr: "inherit",
      });
      if (succeeded) return stdout;
      throw new UserError(`scripts/${script} failed (see above)`, {
        hint: "npm start -- --log shows each request to the embedded Google.",
      });
    },
    async close() {
      await emulator.close();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}
