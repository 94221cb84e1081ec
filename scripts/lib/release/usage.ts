import { acceptOption, dryRunOption, jsonOption } from "../cli/options.ts";
import type { Usage } from "../cli/run-script.ts";

export const releaseUsage: Usage = {
  command: "release.ts [env]",
  summary:
    "Releases this commit: prepares the project of every stage of clouddeploy.yaml,\napplies the pipeline, makes a release, and follows it through the first stage\n(the only env that it can be given) to its verification. Run again, it goes on\nwith the release that it finds. scripts/promote.ts takes it further.",
  positionals: 1,
  options: {
    "dry-run": dryRunOption,
    json: jsonOption,
    yes: acceptOption,
  },
};
