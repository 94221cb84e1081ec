import { dryRunOption, quietOption, yesOption } from "../../cli/options.ts";
import type { Usage } from "../../cli/run-script.ts";

export const rollbackUsage: Usage = {
  command: "rollback.ts [env]",
  summary:
    "Goes back to the revision that served before, for an env (default: dev): its\nimage, configuration and sizes. It is verified at 0 % before it takes the\ntraffic. Where its keys are not today's, a new revision of the same image and\nconfiguration is made with today's keys: an old key never comes back.\n\nRolled back again, it goes one further back, never to a revision that failed\nor that was rolled back from; --to goes to any revision of this project that\ncame up. The next deploy brings back what the env and config files say.\n\nWhere Cloud Deploy deployed the service, its target goes back to the release\nthat served before, by a rollout.",
  positionals: 1,
  options: {
    to: {
      type: "string",
      help: "The revision (or release) to go to, instead of the one that served before.",
    },
    list: {
      type: "boolean",
      help: "Print what served before, latest first; change nothing.",
    },
    "dry-run": dryRunOption,
    quiet: quietOption,
    json: {
      type: "boolean",
      help: "Print the result (or the list) as JSON on standard output.",
    },
    yes: yesOption,
  },
};
