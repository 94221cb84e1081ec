import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { UserError } from "../scripts/lib/errors.ts";
import { type Emulator, startEmulator } from "./emulator.ts";
import { newGeminiApiKey } from "./gemini/state.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const TSX = fileURLToPath(import.meta.resolve("tsx/cli"));

/** Variables of the user's shell that would change what is rehearsed. */
const SETTINGS_OF_THE_SHELL =
  /^(CLOUDSDK_|GOOGLE_|PROJECT_ID$|REGION$|MODEL_REGION$|LITELLM_MASTER_KEY$|MY_MASTER_KEY$|GEMINI_API_KEY$|MY_GEMINI_KEY$)/;

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
      GEMINI_API_KEY: newGeminiApiKey(emulator.cloud.gemini),
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
      process.stderr.write(
        `\n$ npx tsx scripts/${[script, "local", ...args].join(" ")}\n`,
      );
      const child = spawn(
        process.execPath,
        [TSX, `scripts/${script}`, "local", ...args],
        {
          cwd: ROOT,
          env: environment,
          stdio: ["inherit", "pipe", "inherit"],
        },
      );
      const [stdout, [code]] = await Promise.all([
        text(child.stdout),
        once(child, "close") as Promise<[number | null]>,
      ]);
      signal.throwIfAborted();
      if (code === 0) return stdout;
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
