import { type Confirmation, askToConfirm } from "../cli/confirm.ts";
import type { Arguments } from "../cli/run-script.ts";
import { printResult, say } from "../cli/terminal.ts";
import { applyPlan, formatPlan } from "./apply.ts";
import type { GcloudEffects, Plan } from "./step.ts";

/** How a story ends: what is planned, and what is told of it. */
export interface Ending<Effects extends GcloudEffects, Outcome> {
  plan: Plan<Effects>;
  effects: Effects;
  /** Asked before anything changes, unless it is given as a flag. */
  confirmation?: Confirmation | undefined;
  /** What `--json` prints. */
  outcome: () => Outcome | Promise<Outcome>;
  /** For people. */
  describe: (outcome: Outcome) => string | Promise<string>;
}

/** The end of every story that changes something: preview it, or confirm, apply, and say what came of it. */
export async function finish<Effects extends GcloudEffects, Outcome>(
  args: Arguments,
  { plan, effects, confirmation, outcome, describe }: Ending<Effects, Outcome>,
): Promise<boolean> {
  if (args.flag("dry-run")) {
    printResult(formatPlan(plan));
    return true;
  }
  if (confirmation !== undefined) await askToConfirm(args, confirmation);
  await applyPlan(plan, effects);
  const result = await outcome();
  say(await describe(result));
  if (args.flag("json")) printResult(JSON.stringify(result, null, 2));
  return true;
}
