import {
  confirmOption,
  dryRunOption,
  quietOption,
  jsonOption,
  yesOption,
} from "../../cli/options.ts";
import type { Usage } from "../../cli/run-script.ts";

export const rotateUsage: Usage = {
  command: "rotate.ts [env]",
  summary:
    "Gives an env (default: dev) a new key: a new version in its secret, and a new\nrevision of what serves with it, verified before it takes the traffic. The old\nversion is destroyed, with a delay in which it can be brought back, once no\nservice names it. Run again after an interruption, it makes no other key.\nUnder Cloud Deploy a release brings the revision: run it again once that serves.\n\nLiteLLM without a database knows one master key at a time: from the moment the\ntraffic moves, clients with the old one are refused.",
  positionals: 1,
  options: {
    key: {
      type: "string",
      help: "Which one: master-key (the default), gemini-key, or the name of any\n          variable that the LiteLLM config takes a key from.",
      secret: true,
    },
    from: {
      type: "string",
      values: ["generate", "stdin", "prompt"],
      help: "Where it comes from, instead of the shell's variable, else generated\n          (master-key), else a prompt.",
      secret: true,
    },
    all: {
      type: "boolean",
      help: "Move every env of envs/ that shares the secret, one after the other.",
    },
    "dry-run": dryRunOption,
    quiet: quietOption,
    json: jsonOption,
    confirm: confirmOption,
    yes: yesOption,
  },
};
