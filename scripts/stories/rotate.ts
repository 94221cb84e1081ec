import type { Arguments } from "../lib/cli/run-script.ts";
import { scriptCommand } from "../lib/cli/script-command.ts";
import { say } from "../lib/cli/terminal.ts";
import { settleSeconds } from "../lib/plan/converge.ts";
import { finish } from "../lib/plan/finish.ts";
import { newAttempt } from "../lib/service/attempt.ts";
import { collectNewKey } from "../lib/service/keys.ts";
import { checkPreconditions } from "../lib/service/preflight.ts";
import { checkReach } from "../lib/service/reach.ts";
import { chooseKey, listSharing } from "../lib/service/rotate/choose.ts";
import {
  findRotation,
  isStaged,
  needsKey,
  planRotate,
} from "../lib/service/rotate/plan-rotate.ts";
import {
  describeRotated,
  describeRotation,
  toRotateOutcome,
} from "../lib/service/rotate/report.ts";
import { describeServing } from "../lib/service/describe-serving.ts";
import { logIn } from "../lib/service/log-in.ts";
import { openSession } from "../lib/service/session.ts";
import { readState } from "../lib/service/state/read-state.ts";
import { createDeployEffects } from "../lib/verify/deploy-effects.ts";

export async function rotate(args: Arguments): Promise<boolean> {
  const first = args.positionals[0] ?? "dev";
  const options = { yes: args.flag("yes") };
  const own = await openSession(logIn(first), options);
  const key = chooseKey(own.settings, args.value("key"));
  const others = args.flag("all")
    ? listSharing(own.settings, key, own.context)
    : [];
  for (const env of [first, ...others]) {
    const isFirst = env === first;
    const session = isFirst ? own : await openSession(logIn(env), options);
    const { settings, read } = session;
    const state = await readState(read, settings);
    if (!isFirst && state.service === undefined) {
      say(`env ${env}: nothing is deployed there`);
      continue;
    }
    // Under Cloud Deploy a release does the rest.
    checkPreconditions(settings, state, { force: true });
    const input = { settings, attempt: newAttempt(), key };
    const rotation = findRotation(input, state);
    const source = args.value("from") as Parameters<typeof collectNewKey>[2];
    const makes = isFirst && needsKey(rotation);
    const planned = planRotate(
      rotation,
      makes ? await collectNewKey(settings, key, source) : undefined,
    );
    const now = describeServing(planned.plan, state);
    const reach = isStaged(rotation)
      ? []
      : await checkReach(session, planned.plan, state, "as it is");
    const told = describeRotation(rotation, planned);
    for (const line of [...now, ...told, ...reach]) say(line);
    const outcome = toRotateOutcome(rotation, planned);
    await finish(args, {
      plan: planned.plan,
      effects: createDeployEffects(session, settleSeconds(planned.plan)),
      // Who agrees to --all agrees to every env that it names.
      ...(isFirst && {
        confirmation: {
          list: others.map((other) => `env ${other} gets the same key`),
          question: "Rotate?",
          what: "rotation",
          command: scriptCommand("rotate", env),
          protected: settings.protected ? env : undefined,
        },
      }),
      outcome: () => outcome,
      describe: () => describeRotated(rotation, outcome),
    });
  }
  return true;
}
