import { InputError } from "../../cli/errors.ts";
import type { Arguments } from "../../cli/run-script.ts";

/** The repository, and its branch, whose workflow may release or deploy. */
export interface GithubSource {
  owner: string;
  name: string;
  branch: string;
  /** GitHub's own numbers, which it gives to nobody else; undefined: not told. */
  ids: { owner: string; repository: string } | undefined;
}

/** From `--ci=github --github=OWNER/REPO`. Undefined without --ci; throws InputError for what does not fit together. */
export function parseGithubSource(
  args: Pick<Arguments, "value" | "flag">,
): GithubSource | undefined {
  const { github, branch, ids, repository } = {
    github: args.value("github"),
    branch: args.value("branch"),
    ids: args.value("github-ids"),
    repository: args.value("repository"),
  };
  if (args.value("ci") === undefined) {
    const lone = branch ?? ids;
    if (lone === undefined) return undefined;
    throw new InputError("--branch and --github-ids go with --ci=github");
  }
  if (repository !== undefined) {
    throw new InputError(
      "--ci=github is for GitHub Actions, --repository for Cloud Build: give one of them",
    );
  }
  return {
    ...parseName(github),
    branch: parseBranch(branch ?? "main"),
    ids: parseIds(ids),
  };
}

/** The options that `parseGithubSource` makes the same of. */
export function formatOptions(source: GithubSource): string[] {
  const { owner, name, branch, ids } = source;
  return [
    "--ci=github",
    `--github=${owner}/${name}`,
    ...(branch === "main" ? [] : [`--branch=${branch}`]),
    ...(ids === undefined
      ? []
      : [`--github-ids=${ids.owner}/${ids.repository}`]),
  ];
}

/** For the operator to run: GitHub's own program tells the numbers of a repository that is not public, too. */
export function askIds({ owner, name }: GithubSource): string {
  return `gh api repos/${owner}/${name} --jq '"\\(.owner.id)/\\(.id)"'`;
}

function parseName(
  github: string | undefined,
): Pick<GithubSource, "owner" | "name"> {
  if (github === undefined) {
    throw new InputError("--ci=github needs --github=OWNER/REPOSITORY");
  }
  const [, owner, name] = /^([\w-]{1,39})\/([\w.-]{1,100})$/.exec(github) ?? [];
  if (owner !== undefined && name !== undefined) return { owner, name };
  throw new InputError(`--github=${github}: expected OWNER/REPOSITORY`);
}

/** Only what stands in a condition and in a workflow as it is. */
function parseBranch(branch: string): string {
  if (/^[\w][\w./-]*$/.test(branch)) return branch;
  throw new InputError(
    `--branch=${branch}: expected the name of one branch, of letters, digits, "-", "_", "." and "/"`,
  );
}

function parseIds(ids: string | undefined): GithubSource["ids"] {
  if (ids === undefined) return undefined;
  const [, owner, repository] = /^(\d+)\/(\d+)$/.exec(ids) ?? [];
  if (owner !== undefined && repository !== undefined) {
    return { owner, repository };
  }
  throw new InputError(
    `--github-ids=${ids}: expected the numbers OWNER_ID/REPOSITORY_ID`,
  );
}
