import { acceptOption } from "../cli/options.ts";
import type { Usage } from "../cli/run-script.ts";

export const verifyUsage: Usage = {
  command: "verify.ts [env]",
  summary:
    "Asks a deployed gateway everything its clients rely on: health, refusal without\na key, the model list, every model whole and streamed, and every chat model with\ntools, a strict schema and an image, as responses, as Anthropic's messages and in\nGemini's own protocol. The calls are real and billed (a few tokens each).",
  positionals: 1,
  options: {
    quick: {
      type: "boolean",
      help: "Only what a deploy is held up for: every model, whole and streamed.",
    },
    json: { type: "boolean", help: "Print the report as JSON." },
    tag: {
      type: "string",
      help: "Verify the revision behind this traffic tag, at its own URL.",
    },
    canary: {
      type: "boolean",
      help: "Verify the canary of a rollout at its own URL while there is one, else\n          what serves. Cloud Deploy verifies so. Quick.",
    },
    unchanged: {
      type: "boolean",
      help: "Ask no model: see that the service is still what a release was made\n          for. Cloud Deploy does so before each phase of a canary.",
    },
    yes: acceptOption,
  },
};
