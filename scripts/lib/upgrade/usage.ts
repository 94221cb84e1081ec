import { dryRunOption } from "../cli/options.ts";
import type { Usage } from "../cli/run-script.ts";

export const upgradeUsage: Usage = {
  command: "upgrade.ts [ref]",
  summary:
    "Merges a newer version of this project (a branch, a tag or a commit; default: the\nremote's main branch) into this clone, with your own envs/ and config/. It looks\nfirst: where a file was changed both here and there, it names it and merges\nnothing. It asks git alone; the cloud changes with the next deploy.",
  positionals: 1,
  options: {
    from: {
      type: "string",
      help: "A remote or an address. Default: the remote upstream, else origin.",
    },
    "dry-run": dryRunOption,
  },
};
