import { formatCommand, runGcloud } from "../google/gcloud.ts";
import {
  ForeignChangeError,
  explainForeignChange,
  refuseChanged,
} from "../service/foreign-change.ts";
import {
  type Lane,
  type Plan,
  type Step,
  type Tools,
  stepsOf,
} from "./step.ts";
import { dim, say } from "../cli/terminal.ts";
import { wrapCommand, wrapText } from "../cli/wrap.ts";

/** Columns of a terminal that nobody made wider. */
const WIDTH = 80;

/**
 * Runs a plan: groups in order, the lanes of a group side by side. Prints each
 * step with its command. Throws the first error after its group has settled.
 */
export async function applyPlan(plan: Plan, tools: Tools): Promise<void> {
  for (const group of plan) {
    const results = await Promise.allSettled(
      group.map((lane) => runLane(lane, tools)),
    );
    const failed = results.find((r) => r.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }
}

/** The commands of a plan, to paste into bash: a subshell, so that it stops at the first failure. */
export function formatPlan(plan: Plan): string {
  const steps = stepsOf(plan);
  if (steps.length === 0) return "# nothing to do\n";
  const blocks = steps.map((s) => `# ${s.title}\n${s.preview}\n`);
  return `(\nset -euo pipefail\n\n${blocks.join("\n")})\n`;
}

/** gcloud as steps may use it. */
export const gcloudTool: Tools["gcloud"] = runGcloud;

async function runLane(lane: Lane, tools: Tools): Promise<void> {
  for (const step of [lane].flat()) {
    announce(step);
    await runStep(step, tools);
  }
}

async function runStep(step: Step, tools: Tools): Promise<void> {
  try {
    await refuseChanged(step, tools);
    await step.run(tools);
  } catch (error) {
    if (step.onFailure !== undefined) await undo(step.onFailure, tools);
    throw error instanceof ForeignChangeError
      ? await explainForeignChange(error, tools.gcloud)
      : error;
  }
}

async function undo(
  command: NonNullable<Step["onFailure"]>,
  tools: Tools,
): Promise<void> {
  say("  failed; before it stops:");
  for (const line of wrapCommand(formatCommand(command), WIDTH - 4)) {
    say(dim(`    ${line}`));
  }
  // The first error is the one to tell: gcloud also fails here when the
  // service is not ready, although the change was made.
  await tools.gcloud(command).catch(() => undefined);
}

function announce(step: Step): void {
  const [title = "", ...more] = wrapText(step.title, WIDTH - 2);
  say([`- ${title}`, ...more.map((line) => `  ${line}`)].join("\n"));
  const [first = "", ...rest] = step.preview.split("\n");
  const shown = step.shown ?? (rest.length > 0 ? `${first} …` : first);
  for (const line of wrapCommand(shown, WIDTH - 4)) say(dim(`    ${line}`));
}
