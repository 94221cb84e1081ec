import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { neutralEnvironment } from "./environment.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

export interface Started {
  /** All of its output so far. */
  output: () => string;
  /** Waits until the output holds `text`. */
  says: (text: string) => Promise<void>;
  /** What Ctrl-C in a terminal does: the whole process group is told. */
  pressCtrlC: () => void;
  exitCode: Promise<number | null>;
}

/** `npm start`, with its temporary files in `scratch`. */
export function startRehearsal(
  scratch: string,
  args: string[],
  env: Record<string, string> = {},
): Started {
  const child = spawn(
    process.execPath,
    [
      "--import",
      "./launch.js",
      path.join(ROOT, "emulator/bin/start.ts"),
      ...args,
    ],
    {
      cwd: ROOT,
      env: { ...neutralEnvironment(), TMPDIR: scratch, ...env },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  const collect = (chunk: Buffer): void => {
    output += chunk.toString("utf8");
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  return {
    output: () => output,
    async says(text) {
      while (!output.includes(text)) await once(child.stderr, "data");
    },
    pressCtrlC: () => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
    },
    exitCode: once(child, "close").then(([code]) => code as number | null),
  };
}

/** Files of a rehearsal that are left; gcloud keeps caches of its own. */
export async function listLeftovers(scratch: string): Promise<string[]> {
  const names = await readdir(scratch);
  return names.filter((name) => /^(litellm-cloudrun|cloud-run)/.test(name));
}
