import { jsonOption } from "../cli/options.ts";
import type { Usage } from "../cli/run-script.ts";
import { SEVERITIES } from "./entry.ts";

export const logsUsage: Usage = {
  command: "logs.ts [env]",
  summary:
    "Prints what an env (default: dev) was asked, and what LiteLLM and Cloud Run wrote\nabout it, the oldest first, on standard output. Only reads.",
  positionals: 1,
  onlyReads: true,
  options: {
    follow: {
      type: "boolean",
      short: "f",
      help: "Go on with what is written from now on, until Ctrl-C. A connection that breaks is waited for.",
    },
    since: {
      type: "string",
      help: "How far back: 30m, 2h, 7d, or a time such as 2026-11-27T21:00:00Z. Default: 1h.",
    },
    limit: {
      type: "string",
      help: "The most lines of what there is already, the latest ones. Default: 100.",
    },
    severity: {
      type: "string",
      values: SEVERITIES,
      help: "This severity and worse, by Cloud Logging's or LiteLLM's own word for it.",
    },
    status: {
      type: "string",
      help: "Requests with this HTTP status: 429, or 4xx.",
    },
    revision: {
      type: "string",
      help: "One revision; what follows the service's name is enough.",
    },
    json: {
      ...jsonOption,
      help: "Print one JSON object a line on standard output.",
    },
  },
};
