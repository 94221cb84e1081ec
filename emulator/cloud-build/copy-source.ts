import { existsSync } from "node:fs";
import { cp, mkdir, symlink } from "node:fs/promises";
import path from "node:path";

/** What neither a build context nor a checkout has, or what is too large to copy. */
const LEFT_OUT = ["node_modules", ".git", ".cache"];

/** This repository's own packages. */
const NODE_MODULES = path.resolve(import.meta.dirname, "../../node_modules");

/** Copies a source directory without packages and caches. */
export async function copySource(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await cp(from, to, {
    recursive: true,
    filter: (file) => !LEFT_OUT.includes(path.relative(from, file)),
  });
}

/** Gives a Node project the packages of this repository, as `npm ci` gave the real image its own. */
export async function linkPackages(directory: string): Promise<void> {
  const link = path.join(directory, "node_modules");
  const needed = existsSync(path.join(directory, "package.json"));
  if (needed && !existsSync(link)) await symlink(NODE_MODULES, link);
}
