import { execFile } from "node:child_process";
import { cp, readdir } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where the clients are installed, each in a folder of its name. */
    clients: string;
  }
}

const ROOT = path.resolve(import.meta.dirname, "../..");
const INSTALLED = path.join(ROOT, ".cache/clients");

/** Installs each client from its own lock, outside of the sources: no tool of this project looks there. */
export default async function installClients(
  project: TestProject,
): Promise<void> {
  const entries = await readdir(import.meta.dirname, { withFileTypes: true });
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    const directory = path.join(INSTALLED, name);
    await cp(path.join(import.meta.dirname, name), directory, {
      recursive: true,
    });
    await promisify(execFile)("npm", ["ci", "--ignore-scripts"], {
      cwd: directory,
    });
  }
  project.provide("clients", INSTALLED);
}
