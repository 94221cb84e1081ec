import {
  confirmOption,
  jsonOption,
  quietOption,
  yesOption,
} from "../../cli/options.ts";
import { InputError } from "../../cli/errors.ts";
import type { Arguments, Usage } from "../../cli/run-script.ts";
import { scriptCommand } from "../../cli/script-command.ts";

const ACTIONS = ["add", "list", "remove"] as const;
type Action = (typeof ACTIONS)[number];

export const keysUsage: Usage = {
  command: "keys.ts [env] add|list|remove [name]",
  summary: `Gives clients of an env (default: dev) keys of their own, which may call models
and nothing else. The env needs CLIENT_KEYS=true, and a deploy with it.

add NAME prints a new key on standard output, once: only its hash is kept.
remove NAME (or an id) takes one away, without a new revision. Two keys of one
name may overlap: add the new one, move the client, remove the older by its id.`,
  positionals: 3,
  options: {
    models: {
      type: "string",
      help: "add: the models that the key may call, by comma. Default: all.",
    },
    "requests-per-minute": {
      type: "string",
      help: "add: the most requests a minute, counted by each instance for itself.",
    },
    all: {
      type: "boolean",
      help: "remove: every key of the name.",
    },
    quiet: quietOption,
    json: jsonOption,
    confirm: confirmOption,
    yes: yesOption,
  },
};

/** What is asked for; without an env: dev. Throws InputError. */
export function readAction({ positionals }: Arguments): {
  env: string;
  action: Action;
  name: string | undefined;
} {
  const [first = "", second = "", third] = positionals;
  if (isAction(first) && third === undefined) {
    return { env: "dev", action: first, name: positionals[1] };
  }
  if (isAction(second)) return { env: first, action: second, name: third };
  throw new InputError("expected add, list or remove behind the env", {
    hint: `Usage: ${scriptCommand("keys", "[env]", "add|list|remove", "[name]")}`,
  });
}

function isAction(word: string): word is Action {
  return ACTIONS.some((action) => action === word);
}
