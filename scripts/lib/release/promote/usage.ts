import {
  dryRunOption,
  quietOption,
  jsonOption,
  yesOption,
} from "../../cli/options.ts";
import type { Usage } from "../../cli/run-script.ts";

export const promoteUsage: Usage = {
  command: "promote.ts [env]",
  summary:
    "Takes a release to a stage of clouddeploy.yaml: the env, or the next one that\ndoes not have what the first stage has. Only what succeeded and was verified on\nthe stage before goes there. Follows the rollout through its phases to its end;\none that is on its way already is followed.",
  positionals: 1,
  options: {
    approve: {
      type: "boolean",
      help: "Approve the rollout, also one that waits already.",
    },
    release: {
      type: "string",
      help: "The release, instead of what the stage before has.",
    },
    "dry-run": dryRunOption,
    quiet: quietOption,
    json: jsonOption,
    yes: yesOption,
  },
};
