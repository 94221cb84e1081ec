import {
  acceptOption,
  adoptOption,
  dryRunOption,
  quietOption,
  jsonOption,
} from "../../cli/options.ts";
import type { Arguments, Option, Usage } from "../../cli/run-script.ts";
import { type Key, allKeys, optionOf } from "../../settings/keys.ts";
import type { KeySource, KeyWishes } from "../keys.ts";

export const deployUsage: Usage = {
  command: "deploy.ts [env]",
  summary:
    "Deploys LiteLLM for an env (default: dev): prepares the project, brings the new\nrevision up beside the one that serves, verifies it, then moves the traffic.\nWhat is already right is not written again.",
  positionals: 1,
  options: {
    "dry-run": dryRunOption,
    quiet: quietOption,
    json: jsonOption,
    adopt: adoptOption,
    force: {
      type: "boolean",
      help: "Deploy directly although Cloud Deploy owns the service.",
    },
    yes: acceptOption,
    ...Object.fromEntries(
      allKeys().map((key) => [optionOf(key), toOption(key)]),
    ),
  },
};

/** Once a key was stored it is there: reading standard input again would find nothing. */
export function toKeyWishes(args: Arguments, again: boolean): KeyWishes {
  if (again) return {};
  return Object.fromEntries(
    allKeys().flatMap((key) => {
      const source = args.value(optionOf(key)) as KeySource | undefined;
      return source === undefined ? [] : [[key.name, source]];
    }),
  );
}

function toOption({ phrase, mode, variable, generate }: Key): Option {
  const only = mode === undefined ? "" : ` (MODE=${mode})`;
  const last = generate === undefined ? "a prompt" : "one is generated";
  return {
    type: "string",
    values: [
      ...(generate === undefined ? [] : ["generate"]),
      "stdin",
      "prompt",
    ],
    help: `Replace ${phrase}${only}. Without it the shell's\n          ${variable} counts, else the stored key, else ${last}.`,
    secret: true,
  };
}
