import type { Arguments } from "../lib/cli/run-script.ts";
import { printResult, say } from "../lib/cli/terminal.ts";
import { examine } from "../lib/doctor/examine.ts";
import { readMachine } from "../lib/doctor/machine.ts";
import {
  formatFinding,
  formatJson,
  formatSummary,
} from "../lib/doctor/report.ts";
import type { Task } from "../lib/doctor/permissions.ts";
import { withholdKeysOf } from "../lib/settings/load-settings.ts";

export async function doctor(args: Arguments): Promise<boolean> {
  const env = args.positionals[0] ?? "dev";
  withholdKeysOf([env]);
  const task = (args.value("for") ?? "deploy") as Task;
  const findings = await examine(env, task, await readMachine());
  if (args.flag("json")) printResult(formatJson(findings));
  for (const finding of findings) say(formatFinding(finding, process.stderr));
  say(`\n${formatSummary(findings)}`);
  return findings.every(({ state }) => state !== "problem");
}
