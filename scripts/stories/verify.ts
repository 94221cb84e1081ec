import type { Arguments } from "../lib/cli/run-script.ts";
import type { Login } from "../lib/service/log-in.ts";
import { openSession } from "../lib/service/session.ts";
import { findCanary } from "../lib/verify/find-canary.ts";
import { readProcessEnv } from "../lib/cli/process-env.ts";
import { printResult, say } from "../lib/cli/terminal.ts";
import {
  checkUnchanged,
  readExpected,
} from "../lib/service/check-unchanged.ts";
import {
  readRevisions,
  readService,
} from "../lib/service/state/read-service.ts";
import { PROTOCOLS } from "../lib/verify/protocol.ts";
import { checkRevision } from "../lib/verify/verify-revision.ts";
import { formatJson } from "../lib/verify/report.ts";

export async function verify(args: Arguments, login: Login): Promise<boolean> {
  const session = await openSession(login, { yes: args.flag("yes") });
  if (args.flag("unchanged")) {
    const expected = readExpected(readProcessEnv());
    const { read, settings } = session;
    const [service, revisions] = await Promise.all([
      readService(read, settings),
      readRevisions(read, settings),
    ]);
    checkUnchanged(expected, { service, revisions });
    say("The service is as the release expects it.");
    return true;
  }
  const canary = args.flag("canary");
  const tag = canary ? await findCanary(session) : args.value("tag");
  const quick = args.flag("quick") || canary;
  const protocols = quick ? [] : PROTOCOLS;
  const report = await checkRevision(session, tag, { protocols });
  if (args.flag("json")) printResult(formatJson(report));
  return report.ok;
}
