import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { openSession } from "./lib/service/session.ts";
import { findCanary } from "./lib/verify/find-canary.ts";
import { printResult } from "./lib/cli/terminal.ts";
import { checkRevision } from "./lib/verify/verify-revision.ts";
import { formatJson } from "./lib/verify/report.ts";

await runScript(
  {
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
      yes: {
        type: "boolean",
        short: "y",
        help: "Accept project and region from gcloud's configuration.",
      },
    },
  },
  async (args) => {
    const session = await openSession(args.positionals[0] ?? "dev", {
      yes: args.flag("yes"),
    });
    const tag = args.flag("canary")
      ? await findCanary(session)
      : args.value("tag");
    const report = await checkRevision(session, tag);
    if (args.flag("json")) printResult(formatJson(report));
    return report.ok;
  },
);
