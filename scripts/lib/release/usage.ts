import {
  acceptOption,
  dryRunOption,
  quietOption,
  jsonOption,
} from "../cli/options.ts";
import type { Usage } from "../cli/run-script.ts";

export const releaseUsage: Usage = {
  command: "release.ts [env]",
  summary:
    "Releases this commit: prepares the project of every stage of clouddeploy.yaml,\nmakes a release, and follows it through the first stage\n(the only env that it can be given) to its verification. Run again, it goes on\nwith the release that it finds. scripts/promote.ts takes it further.",
  positionals: 1,
  options: {
    "dry-run": dryRunOption,
    quiet: quietOption,
    "only-image": {
      type: "boolean",
      help: "Only bring LiteLLM's image into the registry, as cloudbuild.yaml does\n          before: who may make releases may start no build.",
    },
    "tools-image": {
      type: "string",
      help: "Verify with this tools image, which was built elsewhere: in Artifact Registry,\n          taken by its digest. Default: TOOLS_IMAGE, or the latest build.",
    },
    json: jsonOption,
    yes: acceptOption,
  },
};
