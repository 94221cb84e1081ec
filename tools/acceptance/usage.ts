import type { Usage } from "../../scripts/lib/cli/run-script.ts";

export const acceptanceUsage: Usage = {
  command: "acceptance ENV",
  typed: "npm run acceptance --",
  summary:
    "Plays a first user's days in an env that has nothing yet: deploy, verify, change,\na broken candidate, rollback, rotation. Notes which of the emulator's beliefs hold\nthere, removes everything, and leaves a report. A run that was killed is gone on with.",
  positionals: 1,
  options: {
    pipeline: {
      type: "boolean",
      help: "With the stages of clouddeploy.yaml: setup, releases, promotion, canary, repair.",
    },
    confirm: {
      type: "string",
      help: "The env's name again: it is made, broken and removed without a question.",
    },
  },
};
