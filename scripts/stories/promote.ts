import type { Arguments } from "../lib/cli/run-script.ts";
import { scriptCommand } from "../lib/cli/script-command.ts";
import { say } from "../lib/cli/terminal.ts";
import { openPipeline } from "../lib/pipeline/session.ts";
import { finish } from "../lib/plan/finish.ts";
import { describeMove } from "../lib/release/describe-move.ts";
import { createReleaseEffects } from "../lib/release/effects.ts";
import { planPromote } from "../lib/release/promote/plan-promote.ts";
import { readPromotion } from "../lib/release/promote/read-promotion.ts";
import {
  readPromotionStory,
  toPromoteOutcome,
} from "../lib/release/promote/report.ts";

export async function promote(args: Arguments): Promise<boolean> {
  const [target] = args.positionals;
  const session = await openPipeline({
    yes: args.flag("yes"),
    stage: target,
  });
  const approve = args.flag("approve");
  const wish = { target, release: args.value("release") };
  const found = await readPromotion(session, wish);
  if (found === undefined) {
    say("Nothing to promote: every stage has the release of the first one.");
    return true;
  }
  const { place } = session;
  const planned = planPromote({ place, approve, ...found });
  const outcome = toPromoteOutcome(session, found, planned);
  const { from, to } = outcome;
  say(describeMove(`Promote to ${outcome.target}:`, from, to));
  const flag = approve ? "--approve" : undefined;
  return finish(args, {
    plan: planned.plan,
    effects: createReleaseEffects(session),
    ...(planned.plan.length > 0 && {
      confirmation: {
        question: "Promote?",
        what: "promotion",
        command: scriptCommand("promote", outcome.target, flag),
      },
    }),
    outcome: () => outcome,
    describe: () => readPromotionStory(session, outcome, planned),
  });
}
