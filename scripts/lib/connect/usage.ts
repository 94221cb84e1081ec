import { acceptOption } from "../cli/options.ts";
import { InputError } from "../cli/errors.ts";
import type { Arguments, Usage } from "../cli/run-script.ts";
import { CLIENT_NAMES } from "./clients.ts";

export const connectUsage: Usage = {
  command: "connect.ts [env] [client]",
  summary: `Prints a client's settings for an env (default: dev), ready to paste into bash.
They name models of this env's config, and read the key by a command: no key is
printed. Clients: ${CLIENT_NAMES.slice(0, 4).join(", ")},
${CLIENT_NAMES.slice(4).join(", ")}.

With ACCESS=iam the clients go through --proxy, which adds the identity that
Cloud Run asks for.`,
  positionals: 2,
  onlyReads: true,
  options: {
    check: {
      type: "boolean",
      help: "Ask the env in the client's protocol too, as verify does: real, billed calls.",
    },
    proxy: {
      type: "boolean",
      help: "Forward what this machine asks at 127.0.0.1 to the env until Ctrl-C, with an\n          identity that is renewed. Clients still send LiteLLM's key. No client is named.",
    },
    port: {
      type: "string",
      help: "The port of --proxy, here and in the settings. Default: 4000.",
    },
    model: {
      type: "string",
      help: "The model to ask. Default: the first chat model of the env's config.",
    },
    "small-model": {
      type: "string",
      help: "The model for a coding agent's small tasks. Default: the cheapest one.",
    },
    yes: acceptOption,
  },
};

/** The port of the proxy; LiteLLM's own where none is given. Throws InputError. */
export function readPort(args: Arguments): number {
  const given = args.value("port") ?? "4000";
  if (/^\d{1,5}$/.test(given) && Number(given) < 65_536) return Number(given);
  throw new InputError(`--port=${given}: expected a port, such as 4000`);
}
