import { type Confirmation, askToConfirm } from "../cli/confirm.ts";
import { ConflictError, UserError } from "../cli/errors.ts";
import type { Arguments } from "../cli/run-script.ts";
import { printResult, say } from "../cli/terminal.ts";
import { applyPlan, formatPlan } from "./apply.ts";
import {
  type GcloudEffects,
  type Holding,
  type Plan,
  stepsOf,
} from "./step.ts";

/** How a story ends: what is planned, and what is told of it. */
export interface Ending<Effects extends GcloudEffects, Outcome> {
  plan: Plan<Effects>;
  effects: Effects & Holding;
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
  const [result, words] = await tellDone(plan, async () => {
    const made = await outcome();
    return [made, await describe(made)];
  });
  say(words);
  if (args.flag("json")) printResult(JSON.stringify(result, null, 2));
  return true;
}

/** What fails once all steps have run is only the telling of it: nobody is to take the change for failed. */
async function tellDone<Effects, T>(
  plan: Plan<Effects>,
  tell: () => Promise<T>,
): Promise<T> {
  try {
    return await tell();
  } catch (cause) {
    const isOfReading =
      cause instanceof UserError && !(cause instanceof ConflictError);
    if (!isOfReading || stepsOf(plan).length === 0) throw cause;
    throw new UserError(
      `all steps are done and hold; only reading what came of them failed: ${cause.message}`,
      {
        hint: "Nothing has to be done again.",
        cause,
      },
    );
  }
}
