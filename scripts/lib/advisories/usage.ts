import { jsonOption } from "../cli/options.ts";
import type { Usage } from "../cli/run-script.ts";

export const versionUsage: Usage = {
  command: "version.ts [env]",
  summary:
    "Prints the version of this project and of the LiteLLM that an env (default: dev)\ndeploys, and the security fixes that it lacks, by a list that is shipped. Asks\nnobody: no login, no network. Exits with 1 where a fix is lacking.",
  positionals: 1,
  onlyReads: true,
  options: { json: jsonOption },
};
