import { execFile } from "node:child_process";
import { cp, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../../core/root.ts";

/** What a clone has and a rehearsal does not need, or must not share. */
const LEFT_OUT = new Set([".cache", ".git", "bench", "node_modules", "test"]);

const AUTHOR = [
  "-c",
  "user.name=rehearsal",
  "-c",
  "user.email=rehearsal@example.com",
];

/** A clone of this repository that a rehearsal changes and pushes. */
export interface Checkout {
  readonly directory: string;
  /** Replaces a text that must be in the file. */
  edit: (file: string, from: string, to: string) => Promise<void>;
  /** Commits everything. Returns the commit's full hash. */
  commit: (message: string) => Promise<string>;
}

/** Makes the clone in an empty directory, with this repository's packages. */
export async function makeCheckout(directory: string): Promise<Checkout> {
  await cp(ROOT, directory, {
    recursive: true,
    filter: (source) => {
      const [top = ""] = path.relative(ROOT, source).split(path.sep);
      return !LEFT_OUT.has(top) && !source.endsWith(".local.env");
    },
  });
  await symlink(
    path.join(ROOT, "node_modules"),
    path.join(directory, "node_modules"),
  );
  const git = async (...args: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)("git", [...AUTHOR, ...args], {
      cwd: directory,
    });
    return stdout.trim();
  };
  await git("init", "--quiet", "--initial-branch=main");
  return {
    directory,
    async edit(file, from, to) {
      const name = path.join(directory, file);
      const text = await readFile(name, "utf8");
      if (!text.includes(from)) throw new Error(`no "${from}" in ${file}`);
      await writeFile(name, text.replace(from, to));
    },
    async commit(message) {
      await git("add", "--all");
      await git("commit", "--quiet", `--message=${message}`);
      return git("rev-parse", "HEAD");
    },
  };
}
