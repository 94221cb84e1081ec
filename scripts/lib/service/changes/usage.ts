import { adoptOption, jsonOption } from "../../cli/options.ts";
import type { Arguments, Usage } from "../../cli/run-script.ts";
import { InputError } from "../../cli/errors.ts";

export const planUsage: Usage = {
  command: "plan.ts [env]",
  summary:
    "Says what a deploy of an env (default: dev) would change: every field, the\nLiteLLM config line by line, what somebody changed by hand, the steps, and what\na month is billed by. Only reads, and reads no key.",
  positionals: 1,
  onlyReads: true,
  options: {
    all: {
      type: "boolean",
      help: "Every env of envs/, side by side: the summary of each. The rehearsal's (local) only in the rehearsal.",
    },
    verbose: {
      type: "boolean",
      short: "v",
      help: "Print the commands too.",
    },
    "expect-no-changes": {
      type: "boolean",
      help: "Exit with 1 where there is something to change.",
    },
    requests: {
      type: "string",
      help: "Estimate a month with so many requests.",
    },
    seconds: {
      type: "string",
      help: "How long one of these requests takes. Default: 2, an assumption.",
    },
    prices: {
      type: "string",
      help: "A file of prices: the month in money too.",
    },
    adopt: adoptOption,
    json: jsonOption,
  },
};

/** Throws InputError for what is no load. */
export function toLoad(
  args: Arguments,
): { requests: number; seconds: number } | undefined {
  const requests = toNumber(args, "requests");
  const seconds = toNumber(args, "seconds");
  return requests === undefined
    ? undefined
    : { requests, seconds: seconds ?? 2 };
}

function toNumber(args: Arguments, name: string): number | undefined {
  const text = args.value(name);
  if (text === undefined) return undefined;
  if (/^\d{1,12}(\.\d+)?$/.test(text)) return Number(text);
  throw new InputError(`--${name}=${text}: expected a number`);
}
