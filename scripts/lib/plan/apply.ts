import { type Command, formatCommand } from "../google/gcloud.ts";
import { dim, pageWidth, say } from "../cli/terminal.ts";
import { whileWaiting } from "../cli/waiting.ts";
import { wrapCommand, wrapWords } from "../cli/wrap.ts";
import { startAhead } from "./ahead.ts";
import { throughConflicts } from "./conflicts.ts";
import {
  type GcloudEffects,
  type Holding,
  type Lane,
  type Plan,
  type Step,
  stepsOf,
} from "./step.ts";

/**
 * Runs a plan: groups in order, the lanes of a group side by side, the gclouds of
 * what comes next started ahead. Prints each step with its command. Throws the first
 * error after its group has settled.
 */
export async function applyPlan<Effects extends GcloudEffects>(
  plan: Plan<Effects>,
  effects: Effects & Holding,
): Promise<void> {
  const commands = stepsOf(plan).flatMap(({ command }) => command ?? []);
  const { gcloud, end } = startAhead(effects, commands);
  try {
    for (const group of plan) await runGroup(group, { ...effects, gcloud });
  } finally {
    await end();
  }
}

async function runGroup<Effects extends GcloudEffects>(
  group: Plan<Effects>[number],
  effects: Effects,
): Promise<void> {
  const results = await Promise.allSettled(
    group.map((lane) => runLane(lane, effects)),
  );
  const failed = results.find((r) => r.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/** The commands of a plan, to paste into bash: a subshell, so that it stops at the first failure. */
export function formatPlan<Effects>(plan: Plan<Effects>): string {
  const steps = stepsOf(plan);
  if (steps.length === 0) return "# nothing to do\n";
  const blocks = steps.map((s) => `# ${s.title}\n${s.preview}\n`);
  return `(\nset -euo pipefail\n\n${blocks.join("\n")})\n`;
}

async function runLane<Effects extends GcloudEffects>(
  lane: Lane<Effects>,
  effects: Effects,
): Promise<void> {
  for (const step of [lane].flat()) {
    announce(step);
    await runStep(step, effects);
  }
}

async function runStep<Effects extends GcloudEffects>(
  step: Step<Effects>,
  effects: Effects,
): Promise<void> {
  const { guard, onFailure = [], onRefusal = onFailure } = step;
  let leftBehind = onRefusal;
  try {
    await throughConflicts(async () => {
      leftBehind = onRefusal;
      await guard?.(effects);
      leftBehind = onFailure;
      await whileWaiting({ what: step.title, upTo: step.upTo }, () =>
        step.run(effects),
      );
    });
  } catch (error) {
    await undo(leftBehind, effects);
    throw error;
  }
}

async function undo(
  commands: readonly Command[],
  { gcloud }: GcloudEffects,
): Promise<void> {
  if (commands.length === 0) return;
  say("  failed; before it stops:");
  for (const command of commands) {
    for (const line of wrapCommand(formatCommand(command), width() - 4)) {
      say(dim(`    ${line}`));
    }
    // The first error is the one to tell: gcloud also fails here when the
    // service is not ready, although the change was made.
    await throughConflicts(() => gcloud(command)).catch(() => undefined);
  }
}

function announce(step: Pick<Step, "title" | "preview" | "shown">): void {
  const [title = "", ...more] = wrapWords(step.title, width() - 2);
  say([`- ${title}`, ...more.map((line) => `  ${line}`)].join("\n"));
  const [first = "", ...rest] = step.preview.split("\n");
  const shown = step.shown ?? (rest.length > 0 ? `${first} …` : first);
  for (const line of wrapCommand(shown, width() - 4)) say(dim(`    ${line}`));
}

function width(): number {
  return pageWidth(process.stderr);
}
