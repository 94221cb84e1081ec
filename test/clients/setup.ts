import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where the clients are installed, each in a folder of its name, with all programs beside it. */
    clients: string;
  }
}

const ROOT = path.resolve(import.meta.dirname, "../..");
const INSTALLED = path.join(ROOT, ".cache/clients");
const PROGRAMS = path.join(import.meta.dirname, "programs");
const NO_CLIENTS = ["__snapshots__", "programs"];

/** Installs each client from its own lock, outside of the sources: no tool of this project looks there. */
export default async function installClients(
  project: TestProject,
): Promise<void> {
  const entries = await readdir(import.meta.dirname, { withFileTypes: true });
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    if (NO_CLIENTS.includes(name)) continue;
    const source = path.join(import.meta.dirname, name);
    const directory = path.join(INSTALLED, name);
    const lock = await digestLock(source);
    const stamp = path.join(directory, "installed");
    if ((await readFile(stamp, "utf8").catch(() => "")) !== lock) {
      await rm(directory, { recursive: true, force: true });
      await cp(source, directory, { recursive: true });
      await install(directory);
      await writeFile(stamp, lock);
    }
    await cp(PROGRAMS, directory, { recursive: true });
  }
  project.provide("clients", INSTALLED);
}

/** `venv/bin/python`, or `node_modules`. */
async function install(cwd: string): Promise<void> {
  const run = promisify(execFile);
  if (existsSync(path.join(cwd, "package-lock.json"))) {
    await run("npm", ["ci", "--ignore-scripts"], { cwd });
    return;
  }
  await run("python3", ["-m", "venv", "venv"], { cwd });
  const pip = ["-m", "pip", "install", "--quiet", "--require-hashes"];
  const options = [
    "--no-deps",
    "--only-binary=:all:",
    "--disable-pip-version-check",
  ];
  const python = path.join(cwd, "venv/bin/python");
  await run(python, [...pip, ...options, "-r", "requirements.txt"], { cwd });
}

async function digestLock(source: string): Promise<string> {
  const names = ["package-lock.json", "requirements.txt"];
  const lock = names.map((name) => path.join(source, name)).find(existsSync);
  if (lock === undefined) throw new Error(`${source} has no lock`);
  return createHash("sha256")
    .update(await readFile(lock))
    .digest("hex");
}
