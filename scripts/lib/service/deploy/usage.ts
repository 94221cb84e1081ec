import {
  acceptOption,
  adoptOption,
  dryRunOption,
  quietOption,
  jsonOption,
} from "../../cli/options.ts";
import type { Arguments, Option, Usage } from "../../cli/run-script.ts";
import { InputError } from "../../cli/errors.ts";
import { KEYS, type Key } from "../../settings/keys.ts";
import type { KeySource, KeyWishes } from "../keys.ts";

const SOURCES: readonly string[] = ["generate", "stdin", "prompt"];

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
    ...Object.fromEntries(KEYS.map((key) => [key.option, toOption(key)])),
    key: {
      type: "string",
      multiple: true,
      help: "Replace any key that the LiteLLM config names: OPENAI_API_KEY=stdin, or\n          OPENAI_API_KEY=prompt. Without it the shell's variable counts, else the\n          stored key, else a prompt. Once a key.",
      secret: true,
    },
  },
};

/**
 * By the key's name. Once a key was stored it is there: reading standard input
 * again would find nothing. Throws InputError where the env reads no such key.
 */
export function toKeyWishes(
  args: Arguments,
  keys: readonly Key[],
  again: boolean,
): KeyWishes {
  if (again) return {};
  const ofTable = KEYS.flatMap((key) => {
    const source = args.value(key.option) as KeySource | undefined;
    if (source === undefined) return [];
    if (!keys.some(({ name }) => name === key.name)) throw notRead(key, keys);
    return [[key.name, source] as const];
  });
  const named = args.values("key").map((given) => toWish(given, keys));
  return Object.fromEntries([...ofTable, ...named]);
}

/** To take the option and store nothing would pass for done. */
function notRead({ option, variable }: Key, keys: readonly Key[]): InputError {
  return new InputError(`--${option}: this env reads no ${variable}`, {
    hint: `Its keys: ${keys.map((one) => one.variable).join(", ")}.`,
  });
}

/** What is given may be a key itself: it is never shown. */
function toWish(
  given: string,
  keys: readonly Key[],
): readonly [string, KeySource] {
  const [, variable, source = ""] = /^([A-Za-z_]\w*)=(.*)$/.exec(given) ?? [];
  const key = keys.find((one) => one.variable === variable);
  if (key === undefined) {
    throw new InputError("--key=…: expected the name of a key of this env", {
      hint: `Its keys: ${keys.map((one) => one.variable).join(", ")}. For example --key=${keys[0]?.variable ?? ""}=prompt.`,
    });
  }
  const allowed = SOURCES.filter(
    (one) => one !== "generate" || key.generate !== undefined,
  );
  if (!allowed.includes(source)) {
    throw new InputError(
      `--key=${key.variable}=…: expected ${allowed.join(" or ")}`,
      {
        hint: `A key itself does not belong on a command line: other processes see it. Set ${key.variable} in the shell, or give it on standard input.`,
      },
    );
  }
  return [key.name, source as KeySource];
}

function toOption({ phrase, variable, generate }: Key): Option {
  const last = generate === undefined ? "a prompt" : "one is generated";
  return {
    type: "string",
    values: [
      ...(generate === undefined ? [] : ["generate"]),
      "stdin",
      "prompt",
    ],
    help: `Replace ${phrase}. Without it the shell's\n          ${variable} counts, else the stored key, else ${last}.`,
    secret: true,
  };
}
