import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

/** Ends process groups and removes files even when the emulator is killed. */
export interface Reaper {
  /** Private (0700), gone when the emulator is. */
  readonly directory: string;
  watch(group: number): void;
  forget(group: number): void;
  close(): Promise<void>;
}

export async function startReaper(): Promise<Reaper> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "cloud-run-"));
  const script = path.join(import.meta.dirname, "reaper.sh");
  const child = spawn("/bin/sh", [script, directory], {
    // Its own session: a Ctrl-C in the terminal does not reach it.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.unref();
  child.stdin.on("error", () => undefined);
  return {
    directory,
    watch: (group) => {
      child.stdin.write(`+ ${group}\n`);
    },
    forget: (group) => {
      child.stdin.write(`- ${group}\n`);
    },
    close: async () => {
      if (child.exitCode !== null) return;
      const ended = once(child, "exit");
      child.ref();
      child.stdin.end();
      await ended;
    },
  };
}
