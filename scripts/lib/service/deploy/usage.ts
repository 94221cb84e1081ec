import type { Arguments, Usage } from "../../cli/run-script.ts";
import type { KeyOptions } from "../keys.ts";

export const deployUsage: Usage = {
  command: "deploy.ts [env]",
  summary:
    "Deploys LiteLLM for an env (default: dev): prepares the project, brings the new\nrevision up beside the one that serves, verifies it, then moves the traffic.\nWhat is already right is not written again.",
  positionals: 1,
  options: {
    "dry-run": {
      type: "boolean",
      help: "Print the exact commands on standard output; change nothing.",
    },
    json: {
      type: "boolean",
      help: "Print the result as JSON on standard output.",
    },
    adopt: {
      type: "boolean",
      help: "Take over what carries the right names but was not made by this\n          project, e.g. by the bash flow.",
    },
    force: {
      type: "boolean",
      help: "Deploy directly although Cloud Deploy owns the service.",
    },
    yes: {
      type: "boolean",
      short: "y",
      help: "Accept project and region from gcloud's configuration.",
    },
    "master-key": {
      type: "string",
      values: ["generate", "stdin", "prompt"],
      help: "Replace LiteLLM's master key. Without it the shell's\n          LITELLM_MASTER_KEY counts, else the stored key, else one is generated.",
    },
    "gemini-key": {
      type: "string",
      values: ["stdin", "prompt"],
      help: "Replace the Gemini API key (MODE=apikey). Without it the shell's\n          GEMINI_API_KEY counts, else the stored key, else a prompt.",
    },
  },
};

/** Once a key was stored it is there: reading standard input again would find nothing. */
export function readKeyOptions(args: Arguments, again: boolean): KeyOptions {
  if (again) return { master: undefined, gemini: undefined };
  return {
    master: args.value("master-key") as KeyOptions["master"],
    gemini: args.value("gemini-key") as KeyOptions["gemini"],
  };
}
