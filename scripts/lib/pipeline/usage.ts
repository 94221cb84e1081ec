import { dryRunOption, quietOption, yesOption } from "../cli/options.ts";
import { InputError } from "../cli/errors.ts";
import type { Arguments, Usage } from "../cli/run-script.ts";
import { scriptCommand } from "../cli/script-command.ts";

export const setupUsage: Usage = {
  command: "setup.ts [env]",
  summary:
    "Makes what releases need, once a project: APIs, accounts with their roles, the\nimage repository, the staging bucket, and the pipeline of clouddeploy.yaml.\nWith an env: only that env's alerts, or its deploys from GitHub, without a pipeline.",
  positionals: 1,
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
      help: "Release from GitHub Actions in place of Cloud Build's triggers: a workload\n          identity pool for --github=OWNER/REPO, and the workflow. With an env: deploy\n          it from there, by an account of its own. With --remove: take away only that.",
    },
    branch: {
      type: "string",
      help: "With --ci: the branch whose pushes release or deploy (default: main).",
    },
    "github-ids": {
      type: "string",
      help: "With --ci: OWNER_ID/REPOSITORY_ID, GitHub's numbers, which no other\n          repository ever has.",
    },
    alerts: {
      type: "string",
      help: "Send alerts to this e-mail address: server errors, too many requests, memory,\n          and an uptime check.",
    },
    budget: {
      type: "string",
      help: "With --alerts: a budget a month of the project, AMOUNT[CURRENCY] (100, 100EUR), that\n          mails the same address at 50, 90 and 100 %.",
    },
    build: {
      type: "boolean",
      help: "Build what is missing before the first release: the tools image, and the\n          mirror of LiteLLM's image.",
    },
    "tools-image": {
      type: "string",
      help: "The tools image is this one, which was built elsewhere: it is not built.",
    },
    remove: {
      type: "boolean",
      help: "Take away what setup made; with an env: its alerts.",
    },
    "dry-run": dryRunOption,
    quiet: quietOption,
    json: { type: "boolean", help: "Print what was done as JSON." },
    yes: yesOption,
  },
};

/** Options that are about the pipeline. */
const OF_PIPELINE = ["repository", "tools-image"];

/** Throws InputError where an env is named, and something else is asked for than it has without a pipeline: alerts, or GitHub's workflow. */
export function requireOfEnv(
  args: Pick<Arguments, "value" | "flag">,
  env: string,
): void {
  const ci = args.value("ci") !== undefined;
  const alerts = args.value("alerts") !== undefined;
  const wrong = args.flag("build")
    ? "build"
    : OF_PIPELINE.find((name) => args.value(name) !== undefined);
  if (wrong !== undefined) {
    throw new InputError(
      `--${wrong} is about the pipeline, which has several envs: leave out ${env}`,
    );
  }
  if (!ci && args.value("github") !== undefined) {
    throw new InputError(
      `--github makes triggers of the pipeline; to deploy ${env} from GitHub, add --ci=github`,
    );
  }
  if (ci && alerts) {
    throw new InputError(
      "of one env, --ci and --alerts are set up one after the other: give one of them",
    );
  }
  if (ci || alerts || args.flag("remove")) return;
  throw new InputError(
    "of one env, setup makes alerts, or what deploys it from GitHub, and nothing says which",
    {
      hint: [
        scriptCommand("setup", env, "--alerts=EMAIL"),
        scriptCommand("setup", env, "--ci=github", "--github=OWNER/REPO"),
        `a pipeline: ${scriptCommand("setup")}`,
      ].join("; "),
    },
  );
}
