import { UserError } from "../lib/cli/errors.ts";
import type { Arguments } from "../lib/cli/run-script.ts";
import { scriptCommand } from "../lib/cli/script-command.ts";
import { columns, printResult, say } from "../lib/cli/terminal.ts";
import { createLastingReader } from "../lib/google/lasting-reader.ts";
import { type LogEntry, toLine } from "../lib/logs/entry.ts";
import { follow } from "../lib/logs/follow.ts";
import { parseQuery } from "../lib/logs/query.ts";
import { readLatest, readSince } from "../lib/logs/read-entries.ts";
import { formatLine } from "../lib/logs/report.ts";
import { logIn } from "../lib/service/log-in.ts";
import { openSession } from "../lib/service/session.ts";
import { readService } from "../lib/service/state/read-service.ts";

export async function logs(args: Arguments): Promise<boolean> {
  const query = parseQuery(args, Date.now());
  const session = await openSession(logIn(args.positionals[0]), {
    yes: true,
  });
  const { settings } = session;
  const { env, projectId, region, service } = settings;
  const read = createLastingReader(session.read, projectId);
  const show = (entry: LogEntry): void => {
    const line = toLine(entry);
    const width = columns(process.stdout, Infinity);
    const text = (): string => formatLine(line, service, process.stdout, width);
    printResult(args.flag("json") ? JSON.stringify(line) : text());
  };
  const shown = await readLatest(read, settings, query);
  for (const entry of shown) show(entry);
  if (args.flag("follow")) {
    const since = (time: string): Promise<LogEntry[]> =>
      readSince(read, settings, query, time);
    return follow({ shown, read: since, show, from: query.since });
  }
  if (shown.length > 0) return true;
  if ((await readService(read, settings)) === undefined) {
    throw new UserError(
      `nothing is deployed for ${env}: ${projectId} has no service ${service} in ${region}, and no line of it since ${query.since}`,
      { hint: `Deploy it: ${scriptCommand("deploy", env)}` },
    );
  }
  say(`no such line since ${query.since}`);
  return true;
}
