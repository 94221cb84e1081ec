import { acceptOption } from "../cli/options.ts";
import type { Usage } from "../cli/run-script.ts";

export const verifyUsage: Usage = {
  command: "verify.ts [env]",
  summary:
    "Asks a deployed gateway everything its users rely on, through the OpenAI SDK:\nhealth, refusal without a key, the model list, and every model, whole and\nstreamed. The calls are real and billed (a few tokens each).",
  positionals: 1,
  options: {
    json: { type: "boolean", help: "Print the report as JSON." },
    tag: {
      type: "string",
      help: "Verify the revision behind this traffic tag, at its own URL.",
    },
    canary: {
      type: "boolean",
      help: "Verify the canary of a rollout at its own URL while there is one, else\n          what serves. Cloud Deploy verifies so.",
    },
    unchanged: {
      type: "boolean",
      help: "Ask no model: see that the service is still what a release was made\n          for. Cloud Deploy does so before each phase of a canary.",
    },
    yes: acceptOption,
  },
};
