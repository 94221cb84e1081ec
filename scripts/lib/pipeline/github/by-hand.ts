import { scriptCommand } from "../../cli/script-command.ts";
import { type GithubSource, askIds, formatOptions } from "./source.ts";
import { WORKFLOW_FILE } from "./workflow.ts";

/** What is left for a person after `--ci=github`. */
export function listByHandForGithub(source: GithubSource): string[] {
  const { owner, name, branch, ids } = source;
  return [
    `Release: commit ${WORKFLOW_FILE} and push to ${branch} of ${owner}/${name}.`,
    `Whoever may push to ${branch} may release: protect that branch on GitHub.`,
    ...(ids === undefined
      ? [
          [
            "The repository is known by its name, which somebody else may take once it is renamed or deleted. GitHub's numbers are not given again; ask for them, and set up with them:",
            `  ${askIds(source)}`,
            `  ${scriptCommand("setup", ...formatOptions(source), "--github-ids=OWNER_ID/REPOSITORY_ID")}`,
          ].join("\n"),
        ]
      : []),
  ];
}
