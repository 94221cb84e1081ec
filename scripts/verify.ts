import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { verifyUsage } from "./lib/verify/usage.ts";
import { openSession } from "./lib/service/session.ts";
import { findCanary } from "./lib/verify/find-canary.ts";
import { printResult } from "./lib/cli/terminal.ts";
import { checkRevision } from "./lib/verify/verify-revision.ts";
import { formatJson } from "./lib/verify/report.ts";

await runScript(verifyUsage, async (args) => {
  const session = await openSession(args.positionals[0] ?? "dev", {
    yes: args.flag("yes"),
  });
  const tag = args.flag("canary")
    ? await findCanary(session)
    : args.value("tag");
  const report = await checkRevision(session, tag);
  if (args.flag("json")) printResult(formatJson(report));
  return report.ok;
});
