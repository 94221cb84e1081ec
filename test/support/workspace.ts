import {
  cp,
  mkdtemp,
  readFile,
  readdir,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Finished, RunOptions, TestEmulator } from "./emulator.ts";
import { scriptCommand } from "./quick-scripts/script-command.ts";
import { shrinkConfigs } from "./small-config.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const PTY = path.join(import.meta.dirname, "on-terminal.py");

/** A copy of what an operator edits (config/, envs/, the YAML files of a release), with the real scripts run in it. */
export interface Workspace {
  readonly directory: string;
  /** Runs `scripts/NAME` with env `local` unless `args` name another first. */
  script: (
    name: string,
    args?: readonly string[],
    options?: RunOptions,
  ) => Promise<Finished>;
  /** The same on a terminal, with `[question, typed]` answers; all that it shows is in `stdout`. */
  scriptOnTerminal: (
    name: string,
    args: readonly string[],
    answers: readonly (readonly [string, string])[],
    options?: RunOptions,
  ) => Promise<Finished>;
  /** Pastes text into bash, in the directory, where `npx tsx scripts/…` works as in the repository. */
  paste: (text: string, options?: RunOptions) => Promise<Finished>;
  edit: (file: string, change: (text: string) => string) => Promise<void>;
  /** Names the project in the file of an env. */
  setProject: (env: string, projectId: string) => Promise<void>;
  remove: () => Promise<void>;
}

/** `config`: LiteLLM's configs as they are shipped, or with few models where they are not the point. */
export async function makeWorkspace(
  emulator: TestEmulator,
  { config = "small" }: { config?: "small" | "shipped" } = {},
): Promise<Workspace> {
  const directory = await mkdtemp(path.join(tmpdir(), "litellm-workspace-"));
  for (const name of await listEdited()) {
    await cp(path.join(ROOT, name), path.join(directory, name), {
      recursive: true,
    });
  }
  if (config === "small") await shrinkConfigs(path.join(directory, "config"));
  for (const name of ["scripts", "node_modules", "package.json"]) {
    await symlink(path.join(ROOT, name), path.join(directory, name));
  }
  const edit: Workspace["edit"] = async (file, change) => {
    const full = path.join(directory, file);
    await writeFile(full, change(await readFile(full, "utf8")));
  };
  return {
    directory,
    script: (name, args = ["local"], options = {}) => {
      const script = scriptCommand(name, args);
      return emulator.run(script.command, script.args, {
        cwd: directory,
        ...options,
        env: { ...script.env, ...options.env },
      });
    },
    scriptOnTerminal: (name, args, answers, options = {}) => {
      const script = scriptCommand(name, args);
      return emulator.run("python3", [PTY], {
        cwd: directory,
        ...options,
        env: { ...script.env, ...options.env },
        input: JSON.stringify({
          command: [script.command, ...script.args],
          answers,
        }),
      });
    },
    paste: (input, options = {}) =>
      emulator.run("bash", [], { cwd: directory, ...options, input }),
    edit,
    setProject: (env, projectId) =>
      edit(`envs/${env}.env`, (text) =>
        text.replace(/^#?PROJECT_ID=.*$/m, `PROJECT_ID=${projectId}`),
      ),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

async function listEdited(): Promise<string[]> {
  const names = await readdir(ROOT);
  return ["config", "envs", ...names.filter((name) => name.endsWith(".yaml"))];
}
