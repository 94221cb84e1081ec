import { jsonOption } from "../cli/options.ts";
import type { Usage } from "../cli/run-script.ts";

export const statusUsage: Usage = {
  command: "status.ts [env]",
  summary: `Says what an env (default: dev) has now: the revision that serves and its share
of the traffic, image, config, keys, who deployed which commit when, whether it
answers, and its rollouts where Cloud Deploy owns it. Only reads.

Asking whether it answers starts an instance where none runs; --watch does not ask.`,
  positionals: 1,
  onlyReads: true,
  options: {
    all: {
      type: "boolean",
      help: "Every env of envs/, side by side. The rehearsal's (local) only in the rehearsal.",
    },
    watch: {
      type: "boolean",
      short: "w",
      help: "Look again every five seconds until Ctrl-C. Without a terminal, only what changed is printed.",
    },
    json: jsonOption,
  },
};
