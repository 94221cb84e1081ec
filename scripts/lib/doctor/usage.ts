import { jsonOption } from "../cli/options.ts";
import type { Usage } from "../cli/run-script.ts";
import { TASKS } from "./permissions.ts";

export const doctorUsage: Usage = {
  command: "doctor.ts [env]",
  summary: `Looks at everything that a deploy and a verification of an env (default: dev)
rely on, and says what is not right and what mends it. Only reads.`,
  positionals: 1,
  onlyReads: true,
  options: {
    for: {
      type: "string",
      values: TASKS,
      help: "Whose permissions to look at: what you want to do. Default: deploy, which prepares what is missing, and verifies. watch: alerts.",
    },
    json: jsonOption,
  },
};
