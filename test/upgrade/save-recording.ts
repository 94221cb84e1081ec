import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { type About, FIXTURES, type Write } from "./recording.ts";
import { KEYS, TOOLS } from "./stories.ts";

interface NewRecording {
  checkout: string;
  /** Its name. */
  story: string;
  /** The folder in which the operator of the story worked. */
  workspace: string;
  writes: readonly Write[];
  /** Numbers by id. */
  projects: Record<string, string>;
}

/** Throws where the version has been recorded: that is never done again. */
export async function requireUnrecorded(checkout: string): Promise<void> {
  const directory = path.join(FIXTURES, await readVersion(checkout));
  if (existsSync(directory)) throw new Error(`${directory} is there already`);
}

/** Writes `fixtures/VERSION/STORY`, as recording.ts reads it. */
export async function saveRecording(recording: NewRecording): Promise<void> {
  const { checkout, story, workspace, writes, projects } = recording;
  const about: About = {
    version: await readVersion(checkout),
    commit: readCommit(checkout),
    projects,
    keys: KEYS,
    tools: TOOLS,
  };
  const target = path.join(FIXTURES, about.version, story);
  await mkdir(target, { recursive: true });
  const save = (name: string, text: string) =>
    writeFile(path.join(target, name), text);
  await save("about.json", `${JSON.stringify(about, null, 2)}\n`);
  const lines = writes.map((write) => `${JSON.stringify(write)}\n`);
  await save("writes.jsonl", lines.join(""));
  for (const name of await listChanged(checkout, workspace)) {
    await cp(path.join(workspace, name), path.join(target, "files", name));
  }
}

async function readVersion(checkout: string): Promise<string> {
  const text = await readFile(path.join(checkout, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

function readCommit(checkout: string): string {
  const args = ["-C", checkout, "rev-parse", "HEAD"];
  return execFileSync("git", args, { encoding: "utf8" }).trim();
}

/** What the operator of the story has written. */
async function listChanged(
  checkout: string,
  workspace: string,
): Promise<string[]> {
  const changed: string[] = [];
  for (const folder of ["envs", "config"]) {
    for (const name of await readdir(path.join(workspace, folder))) {
      const file = path.join(folder, name);
      const now = await readFile(path.join(workspace, file), "utf8");
      const before = await readFile(path.join(checkout, file), "utf8");
      if (now !== before) changed.push(file);
    }
  }
  return changed;
}
