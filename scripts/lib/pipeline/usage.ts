import { dryRunOption, quietOption, yesOption } from "../cli/options.ts";
import type { Usage } from "../cli/run-script.ts";

export const setupUsage: Usage = {
  command: "setup.ts",
  summary:
    "Makes what releases need, once a project: APIs, accounts with their roles, the\nimage repository, the staging bucket, and the pipeline of clouddeploy.yaml.",
  positionals: 0,
  options: {
    repository: {
      type: "string",
      help: "Make triggers for this Cloud Build repository (projects/…/repositories/…).",
    },
    github: {
      type: "string",
      help: "The same for OWNER/REPO, connected by the Cloud Build app on GitHub.",
    },
    ci: {
      type: "string",
      values: ["github"],
      help: "Release from GitHub Actions in place of Cloud Build's triggers: a workload\n          identity pool for --github=OWNER/REPO, and the workflow. With --remove:\n          take away only that.",
    },
    branch: {
      type: "string",
      help: "With --ci: the branch whose pushes release (default: main).",
    },
    "github-ids": {
      type: "string",
      help: "With --ci: OWNER_ID/REPOSITORY_ID, GitHub's numbers, which no other\n          repository ever has.",
    },
    remove: { type: "boolean", help: "Take away what setup made." },
    "dry-run": dryRunOption,
    quiet: quietOption,
    json: { type: "boolean", help: "Print what was done as JSON." },
    yes: yesOption,
  },
};
