import {
  confirmOption,
  dryRunOption,
  quietOption,
  yesOption,
} from "../../cli/options.ts";
import type { Usage } from "../../cli/run-script.ts";

export const cleanUsage: Usage = {
  command: "clean.ts [env]",
  summary:
    "Removes what this project made for an env (default: dev), and nothing else.\nWhat another service uses stays, and so do enabled APIs.",
  positionals: 1,
  options: {
    "dry-run": dryRunOption,
    quiet: quietOption,
    json: { type: "boolean", help: "Print what was removed as JSON." },
    confirm: confirmOption,
    yes: yesOption,
  },
};
