import type { Usage } from "../cli/run-script.ts";

export const validateUsage: Usage = {
  command: "validate.ts [file]",
  summary: `Checks a LiteLLM config offline (a file, or a directory, as CONFIG names it):
all findings at once, each with its place and a way to mend it. Without one:
both configs of this project. An error is invalid input (exit code 2), a
warning is not.`,
  positionals: 1,
  options: {
    mode: {
      type: "string",
      values: ["vertex", "apikey"],
      help: "What it is for. Default: apikey if its name says so, else vertex.",
    },
    json: { type: "boolean", help: "Print the findings as JSON on stdout." },
  },
};
