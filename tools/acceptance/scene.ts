import { existsSync } from "node:fs";
import {
  cp,
  mkdir,
  readFile,
  readdir,
  symlink,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import type { Settings } from "../../scripts/lib/settings/settings.ts";
import { type Answer, run } from "./run.ts";

/** What every script of the project starts with. */
const LAUNCH = new URL("../../launch.js", import.meta.url).href;

/** What the copy does not need, or must not share. */
const LEFT_OUT = new Set([".cache", ".git", "bench", "node_modules", "test"]);

/** A copy of the repository that is changed, broken and thrown away, and the commands of a user in it. */
export interface Scene {
  readonly env: string;
  readonly settings: Settings;
  /** Runs `scripts/NAME`; what it wrote. Throws where it fails. */
  script: (name: string, ...args: string[]) => Promise<Answer>;
  /** The same, however it ends. */
  tryScript: (name: string, ...args: string[]) => Promise<Answer>;
  gcloud: (args: readonly string[]) => Promise<Answer>;
  /** Changes a file of the copy. */
  edit: (file: string, change: (text: string) => string) => Promise<void>;
}

export interface SceneOptions {
  env: string;
  settings: Settings;
  directory: string;
  signal: AbortSignal;
}

export async function openScene(options: SceneOptions): Promise<Scene> {
  const { env, settings, directory, signal } = options;
  await makeCopy(process.cwd(), directory);
  const script = (name: string, args: string[]): Promise<Answer> =>
    run({
      command: process.execPath,
      args: ["--import", LAUNCH, `scripts/${name}.ts`, ...args],
      directory,
      signal,
    });
  return {
    env,
    settings,
    async script(name, ...args) {
      const answer = await script(name, args);
      if (answer.exitCode === 0) return answer;
      throw new Error(`${name} ${args.join(" ")} failed:\n${answer.stderr}`);
    },
    tryScript: (name, ...args) => script(name, args),
    gcloud: (args) => run({ command: "gcloud", args, directory, signal }),
    async edit(file, change) {
      const full = path.join(directory, file);
      await writeFile(full, change(await readFile(full, "utf8")));
    },
  };
}

/** The files as they are now; left alone where an earlier run made it. */
async function makeCopy(from: string, directory: string): Promise<void> {
  if (existsSync(path.join(directory, "package.json"))) return;
  await mkdir(directory, { recursive: true });
  for (const name of await readdir(from)) {
    if (LEFT_OUT.has(name) || name === "package.json") continue;
    const to = path.join(directory, name);
    await cp(path.join(from, name), to, { recursive: true, force: true });
  }
  const packages = path.join(directory, "node_modules");
  if (!existsSync(packages)) {
    await symlink(path.join(from, "node_modules"), packages);
  }
  // Last: a copy that has it is whole.
  await cp(
    path.join(from, "package.json"),
    path.join(directory, "package.json"),
  );
}
