import { scriptCommand } from "../../cli/script-command.ts";
import { type GithubSource, askIds, formatOptions } from "./source.ts";

/** What is left for a person once a workflow is written. `env`: where it is of one only. */
export function adviseGithub(
  source: GithubSource,
  { file, does, env }: { file: string; does: string; env?: string },
): string[] {
  const { owner, name, branch, ids } = source;
  return [
    `Commit ${file} and push to ${branch} of ${owner}/${name}: that and each later push will ${does}.`,
    `Whoever may push to ${branch} may ${does}: protect that branch on GitHub.`,
    ...(ids === undefined
      ? [
          [
            "The repository is known by its name, which somebody else may take once it is renamed or deleted. GitHub's numbers are not given again; ask for them, and set up with them:",
            `  ${askIds(source)}`,
            `  ${scriptCommand("setup", env, ...formatOptions(source), "--github-ids=OWNER_ID/REPOSITORY_ID")}`,
          ].join("\n"),
        ]
      : []),
  ];
}
