import { writeFileSync } from "node:fs";
import { UserError } from "../cli/errors.ts";
import { wrapWords } from "../cli/wrap.ts";
import { pageWidth, printResult, say } from "../cli/terminal.ts";
import { describeInstances } from "./instances.ts";
import { describeProposal } from "./propose.ts";
import { formatPage } from "./report-page.ts";
import { formatMeasurement } from "./report.ts";
import type { Outcome } from "./run.ts";

/** No line is longer, however wide the terminal is. */

/** What is told of a run that Ctrl-C ended: nobody waits for Google then. */
export const INTERRUPTED = {
  instances: { unknown: "it was interrupted before it read the log" },
  proposal: { none: "it was interrupted" },
};

const width = (): number => pageWidth(process.stderr);

export function sayLines(lines: readonly string[]): void {
  for (const line of lines)
    for (const part of wrapWords(line, width())) say(part);
}

/** Shows what was measured, where it is wanted: a page in the file `report`. Waits for nothing. */
export function publish(
  { json, report }: { json: boolean; report: string | undefined },
  outcome: Outcome,
): void {
  const { measurement, instances, proposal } = outcome;
  say();
  say(formatMeasurement(measurement, width()));
  say();
  sayLines([describeInstances(instances), "", ...describeProposal(proposal)]);
  if (json)
    printResult(
      JSON.stringify({ ...measurement, instances, proposal }, null, 2),
    );
  if (report !== undefined) writePage(report, outcome);
}

function writePage(file: string, outcome: Outcome): void {
  try {
    writeFileSync(file, formatPage(outcome));
  } catch (cause) {
    throw new UserError(`${file} cannot be written: ${String(cause)}`, {
      hint: "What was measured stands above. Choose another file: --report=load.html",
      cause,
    });
  }
  say();
  say(`The report: ${file}`);
}
