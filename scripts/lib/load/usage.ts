import { confirmOption, jsonOption } from "../cli/options.ts";
import type { Usage } from "../cli/run-script.ts";

export const loadUsage: Usage = {
  command: "load.ts [env]",
  summary: `Sends many chat calls at once to an env (default: dev), or to the rehearsal (local),
and says how long the answers took, how many came a second, and what failed. Without
--rate the next call starts as soon as one has ended (closed loop). Ctrl-C ends it
with what was measured so far.

The calls are real and billed: a real env needs --max-calls, and asks before it
sends anything, with what the calls cost at most.`,
  positionals: 1,
  onlyReads: true,
  options: {
    concurrency: {
      type: "string",
      help: "Calls in flight at once, at most 500. Default: 4; with --rate ten seconds' worth.",
    },
    duration: {
      type: "string",
      help: "After it no call starts: 30s, 5m, at most 30m. Default: 10s.",
    },
    "max-calls": {
      type: "string",
      help: "Calls at most, up to 10000. Default: 1000, in the rehearsal only.",
    },
    model: {
      type: "string",
      help: "The model to ask. Default: the first chat model of the env's config.",
    },
    stream: {
      type: "boolean",
      help: "Ask for streams; measure their first token too.",
    },
    rate: {
      type: "string",
      help: "Calls a second, each at its time (open loop), at most 200. Latency counts from\n          then, also where a call had to wait since --concurrency was reached.",
    },
    latency: {
      type: "string",
      help: "With --rate: what 95 % of the answers are to keep to, 800ms or 2s. Exit code 1\n          where they do not; of a real env, sizes are proposed for both.",
    },
    report: {
      type: "string",
      help: "Write a report with plots to this file: load.html.",
    },
    json: jsonOption,
    confirm: confirmOption,
    yes: {
      type: "boolean",
      short: "y",
      help: "Accept the cost, and project and region from gcloud's configuration.",
    },
  },
};
