import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "./emulator.ts";
import { type Workspace, makeWorkspace } from "./workspace.ts";

/** A workspace whose scripts find a program called `gcloud` in front of the real one. */
export interface FakeGcloud {
  emulator: TestEmulator;
  workspace: Workspace;
  /** Deploys with a program of this body, in bash; `$REAL` is the real gcloud, `$HERE` a folder to write into. */
  deploy: (
    body: string,
    args?: readonly string[],
    env?: Record<string, string>,
  ) => Promise<Finished>;
  /** What the program wrote into a file of `$HERE`. */
  written: (name: string) => Promise<string>;
  close: () => Promise<void>;
}

export async function startFakeGcloud(): Promise<FakeGcloud> {
  const emulator = await startTestEmulator({ litellm: "stand-in" });
  const workspace = await makeWorkspace(emulator);
  const directory = await mkdtemp(path.join(tmpdir(), "litellm-fake-gcloud-"));
  const real = await emulator.run("bash", ["-c", "command -v gcloud"]);
  const head = `#!/bin/bash\nREAL=${real.stdout.trim()}\nHERE=${directory}\n`;
  return {
    emulator,
    workspace,
    deploy: async (body, args = ["local"], env = {}) => {
      const file = path.join(directory, "gcloud");
      await writeFile(file, `${head}${body}\n`);
      await chmod(file, 0o755);
      return workspace.script("deploy.ts", args, {
        env: { PATH: `${directory}:${process.env.PATH ?? ""}`, ...env },
      });
    },
    written: (name) => readFile(path.join(directory, name), "utf8"),
    close: async () => {
      await emulator.close();
      await workspace.remove();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Those that run. What nobody waited for stays as a zombie where the first process of the machine does not. */
export async function listRunning(
  emulator: TestEmulator,
  pids: string,
): Promise<string[]> {
  const { stdout } = await emulator.run("ps", [
    ...["-o", "stat=,pid=,args=", "-p", pids.trim().split(/\s+/).join(",")],
  ]);
  return stdout.split("\n").filter((line) => /^[^Z]/.test(line.trim()));
}
