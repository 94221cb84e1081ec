import { InputError, UserError } from "../cli/errors.ts";
import { askGit, runGit } from "../cli/git.ts";

/** What another version would bring to this clone. */
export interface Newer {
  /** 40 hex digits. */
  commit: string;
  /** Of package.json, here and there. */
  versions: { here: string; there: string };
  /** Commits that are not here. */
  commits: number;
  /** Files below envs/ and config/ that it changes. */
  own: string[];
  /** Files that were changed both here and there, in a way that git cannot join. */
  conflicts: string[];
  /** Whether the packages change. */
  packages: boolean;
}

/** Throws InputError in a folder that is no clone, but a copy: one that lies in another clone would merge into that. */
export async function requireClone(): Promise<void> {
  const { exitCode, stdout } = await askGit("rev-parse", "--show-prefix");
  if (exitCode === 0 && stdout.trim() === "") return;
  throw new InputError(
    "this folder is no git clone: there is nothing to merge into",
    {
      hint: "Clone the project anew (git clone ADDRESS), and copy envs/ and config/ into it.",
    },
  );
}

/** Throws InputError where something here is not committed: a merge could lose it. */
export async function requireCommitted(): Promise<void> {
  const merging = await askGit(
    "rev-parse",
    "--quiet",
    "--verify",
    "MERGE_HEAD",
  );
  if (merging.exitCode === 0) {
    throw new InputError("a merge is under way here", {
      hint: "Finish it (choose in the files that git status names, git add them, git commit), or go back: git merge --abort",
    });
  }
  const changed = await runGit("status", "--porcelain");
  if (changed === "") return;
  throw new InputError(
    `there are changes that are not committed:\n${changed.trimEnd()}`,
    { hint: "Commit them first (git add -A && git commit), or git stash -u." },
  );
}

/** The remote that this project comes from. Throws InputError where there is none. */
export async function chooseRemote(given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  const remotes = (await runGit("remote")).split("\n");
  const remote = ["upstream", "origin"].find((name) => remotes.includes(name));
  if (remote !== undefined) return remote;
  throw new InputError("this clone has no remote to take a version from", {
    hint: "Name one: --from=ADDRESS",
  });
}

/** Fetches, and looks what a merge would do, without doing it. Undefined: all of it is here. */
export async function readNewer(
  remote: string,
  ref: string,
): Promise<Newer | undefined> {
  // What is given is never an option of git's.
  const given = ["--", remote, ref];
  const fetched = await askGit("fetch", "--quiet", "--no-tags", ...given);
  if (fetched.exitCode !== 0) {
    throw new UserError(
      `${ref} of ${remote} cannot be fetched:\n${fetched.stderr.trim()}`,
      {
        hint: "Nothing was changed. Which remotes there are: git remote -v; what one has: git ls-remote REMOTE",
      },
    );
  }
  const commit = (await runGit("rev-parse", "FETCH_HEAD^{commit}")).trim();
  const isHere = await askGit("merge-base", "--is-ancestor", commit, "HEAD");
  if (isHere.exitCode === 0) return undefined;
  const base = await askGit("merge-base", "HEAD", commit);
  if (base.exitCode !== 0) {
    throw new UserError(
      `${remote} ${ref} has no commit in common with this clone`,
      {
        hint: "Was the history left out (a ZIP, git clone --depth)? Clone it anew, and copy envs/ and config/ into it.",
      },
    );
  }
  const since = base.stdout.trim();
  const changed = (...paths: string[]) =>
    runGit("diff", "--name-only", since, commit, "--", ...paths);
  const [here, there, count, own, packages, conflicts] = await Promise.all([
    readVersion("HEAD"),
    readVersion(commit),
    runGit("rev-list", "--count", `HEAD..${commit}`),
    changed("envs", "config"),
    changed("package-lock.json"),
    readConflicts(commit),
  ]);
  return {
    commit,
    versions: { here, there },
    commits: Number(count),
    own: toLines(own),
    conflicts,
    packages: packages !== "",
  };
}

async function readVersion(commit: string): Promise<string> {
  const text = await runGit("show", `${commit}:package.json`);
  return (JSON.parse(text) as { version?: string }).version ?? "?";
}

/** What `git merge` would stop at: a tree is made of the merge, and nothing else (git 2.38). */
async function readConflicts(commit: string): Promise<string[]> {
  const merged = await askGit(
    ...["merge-tree", "--write-tree", "--name-only", "--no-messages"],
    ...["HEAD", commit],
  );
  if (merged.exitCode === 0) return [];
  if (merged.exitCode === 1) return toLines(merged.stdout).slice(1);
  throw new UserError(`git merge-tree failed: ${merged.stderr.trim()}`, {
    hint: "It needs git 2.38 or newer.",
  });
}

function toLines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
