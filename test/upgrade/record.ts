import { spawn } from "node:child_process";
import { once } from "node:events";
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
import { fileURLToPath, pathToFileURL } from "node:url";
import type * as GeminiStates from "../../emulator/apis/gemini/state.ts";
import type { Cloud } from "../../emulator/core/cloud.ts";
import type * as Emulators from "../../emulator/emulator.ts";
import { neutralEnvironment } from "../support/environment.ts";
import { shrinkConfigs } from "../support/small-config.ts";
import { createClient } from "./client.ts";
import { startRecorder } from "./recorder.ts";
import { requireUnrecorded, saveRecording } from "./save-recording.ts";
import { settle } from "./settle.ts";
import { KEYS, PROJECTS, STORIES, type Story, TOOLS } from "./stories.ts";

// npx tsx test/upgrade/record.ts CHECKOUT
//
// Records the states of the cloud that the scripts of CHECKOUT (a clone at any
// version, installed) leave in its own emulator, into fixtures/VERSION.

const VERIFY = fileURLToPath(
  new URL("../support/verify-container.ts", import.meta.url),
);

const [checkout] = process.argv.slice(2).map((name) => path.resolve(name));
if (checkout === undefined) throw new Error("name a checkout");
await requireUnrecorded(checkout);
for (const [name, story] of Object.entries(STORIES)) {
  await record(checkout, name, story);
}

/** Where a version's emulator keeps the keys that it takes: 0.1.0 had them in the cloud itself. */
async function findGemini(
  checkout: string,
  cloud: object,
): Promise<{ apiKeys: Set<string> }> {
  if ("gemini" in cloud) return cloud.gemini as { apiKeys: Set<string> };
  const { geminiOf } = (await import(
    pathToFileURL(path.join(checkout, "emulator/apis/gemini/state.ts")).href
  )) as typeof GeminiStates;
  return geminiOf(cloud as Cloud);
}

async function record(
  checkout: string,
  name: string,
  story: Story,
): Promise<void> {
  const scratch = await mkdtemp(path.join(tmpdir(), "litellm-record-"));
  const { startEmulator, DEVELOPER } = (await import(
    pathToFileURL(path.join(checkout, "emulator/emulator.ts")).href
  )) as typeof Emulators;
  const [projectId, ...others] = PROJECTS;
  const emulator = await startEmulator({
    litellm: "stand-in",
    projectId,
    scripts: { [TOOLS]: VERIFY },
    // No automation goes on by itself: a canary stays where it is.
    longestWait: Infinity,
  });
  const { cloud, url } = emulator;
  for (const other of others) cloud.createProject(other, DEVELOPER);
  const { apiKeys } = await findGemini(checkout, cloud);
  for (const key of KEYS.gemini) apiKeys.add(key);
  const env = emulator.environment(path.join(scratch, "gcloud"));
  const recorder = await startRecorder(url, env);
  const directory = path.join(scratch, "workspace");
  await makeWorkspace(checkout, directory);
  const run = (command: string, args: readonly string[], more = {}) =>
    execute(command, args, { ...recorder.env, ...more }, directory);
  const client = createClient(url, cloud.newAccessToken(DEVELOPER));
  try {
    await story({
      script: (file, args, more) =>
        run(
          process.execPath,
          ["--import", "tsx", `scripts/${file}`, ...args],
          more,
        ),
      gcloud: (...args) => run("gcloud", args),
      edit: async (file, change) => {
        const full = path.join(directory, file);
        await writeFile(full, change(await readFile(full, "utf8")));
      },
      settle: () => {
        const last = recorder.writes.at(-1);
        if (last === undefined) return Promise.resolve();
        return settle(client, last.method, last.url, undefined);
      },
    });
    const numbers = PROJECTS.map((id) => [id, cloud.project(id).projectNumber]);
    await saveRecording({
      checkout,
      story: name,
      workspace: directory,
      writes: recorder.writes,
      projects: Object.fromEntries(numbers) as Record<string, string>,
    });
  } finally {
    recorder.close();
    await emulator.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What an operator has: the files to edit, and the scripts. */
async function makeWorkspace(
  checkout: string,
  directory: string,
): Promise<void> {
  const names = await readdir(checkout);
  for (const name of [
    ...["config", "envs"],
    ...names.filter((n) => n.endsWith(".yaml")),
  ]) {
    const target = path.join(directory, name);
    await cp(path.join(checkout, name), target, { recursive: true });
  }
  await shrinkConfigs(path.join(directory, "config"));
  for (const name of ["scripts", "node_modules", "package.json"]) {
    await symlink(path.join(checkout, name), path.join(directory, name));
  }
}

/** Throws where it fails. */
async function execute(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
  cwd: string,
): Promise<void> {
  process.stderr.write(`\n$ ${[command, ...args].join(" ")}\n`);
  const child = spawn(command, args, {
    cwd,
    env: { ...neutralEnvironment(), ...env },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${args.join(" ")} failed`);
}
