import { InputError } from "../cli/errors.ts";
import { runGit } from "../cli/git.ts";
import { readProcessEnv } from "../cli/process-env.ts";

/** What a release is made from. */
export interface Commit {
  /** 40 hex digits. */
  sha: string;
  /** The work tree differs from it. */
  dirty: boolean;
}

/**
 * COMMIT_SHA (Cloud Build sets it), else what git says; undefined outside of a
 * repository. Throws InputError where COMMIT_SHA is no commit.
 */
export async function readCommit(): Promise<Commit | undefined> {
  const { COMMIT_SHA: given } = readProcessEnv();
  if (given !== undefined && given !== "") {
    if (/^[0-9a-f]{12,64}$/.test(given)) return { sha: given, dirty: false };
    throw new InputError(`COMMIT_SHA=${given}: expected a commit's hash`, {
      hint: "Leave it out: git is asked then.",
    });
  }
  try {
    const [sha, status] = await Promise.all([
      runGit("rev-parse", "HEAD"),
      runGit("status", "--porcelain"),
    ]);
    return { sha: sha.trim(), dirty: status !== "" };
  } catch {
    // No git here, no repository, or no commit in it yet.
    return undefined;
  }
}
