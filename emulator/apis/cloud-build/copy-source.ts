import { cpSync, existsSync } from "node:fs";
import { mkdir, readdir, symlink } from "node:fs/promises";
import path from "node:path";
import { ROOT } from "../../core/root.ts";

/** What neither a build context nor a checkout has, or what is too large to copy. */
const LEFT_OUT = ["node_modules", ".git", ".cache"];

/** This repository's own packages. */
const NODE_MODULES = path.join(ROOT, "node_modules");

/** Copies a source directory without packages and caches. */
export async function copySource(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    if (LEFT_OUT.includes(name)) continue;
    // Without a filter it is one call of Node's own code: a seventh of the time.
    cpSync(path.join(from, name), path.join(to, name), { recursive: true });
  }
}

/** Gives a Node project the packages of this repository, as `npm ci` gave the real image its own. */
export async function linkPackages(directory: string): Promise<void> {
  const link = path.join(directory, "node_modules");
  const needed = existsSync(path.join(directory, "package.json"));
  if (needed && !existsSync(link)) await symlink(NODE_MODULES, link);
}
