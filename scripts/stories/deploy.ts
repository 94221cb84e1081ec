import type { Arguments } from "../lib/cli/run-script.ts";
import { columns, say } from "../lib/cli/terminal.ts";
import { loadConfig } from "../lib/litellm-config/load-config.ts";
import { compileSchemas } from "../lib/litellm-config/schema.ts";
import { readManifest } from "../lib/manifest/render-manifest.ts";
import { converge, settleSeconds } from "../lib/plan/converge.ts";
import { finish } from "../lib/plan/finish.ts";
import { readCommit } from "../lib/release/commit.ts";
import { newAttempt } from "../lib/service/attempt.ts";
import { toChanges } from "../lib/service/changes/changes.ts";
import { formatSummary } from "../lib/service/changes/report.ts";
import {
  describeFound,
  describeOutcome,
  readOutcome,
} from "../lib/service/deploy/outcome.ts";
import { planDeploy } from "../lib/service/deploy/plan-deploy.ts";
import { toKeyWishes } from "../lib/service/deploy/usage.ts";
import { describeCommit } from "../lib/service/made-from.ts";
import { describeServing } from "../lib/service/describe-serving.ts";
import { collectKeys } from "../lib/service/keys.ts";
import { checkPreconditions } from "../lib/service/preflight.ts";
import { checkReach } from "../lib/service/reach.ts";
import type { Login } from "../lib/service/log-in.ts";
import { openSession } from "../lib/service/session.ts";
import { readState } from "../lib/service/state/read-state.ts";
import { createDeployEffects } from "../lib/verify/deploy-effects.ts";

export async function deploy(args: Arguments, login: Login): Promise<boolean> {
  // While gcloud starts.
  compileSchemas();
  const session = await openSession(login, { yes: args.flag("yes") });
  const { settings, read, payloads } = session;
  const manifest = readManifest();
  const config = loadConfig(settings, manifest);
  const commit = describeCommit(await readCommit());

  return converge(async (again) => {
    const state = await readState(read, settings);
    checkPreconditions(settings, state, { force: args.flag("force") });
    const wishes = toKeyWishes(args, settings.keys, again);
    const keys = await collectKeys(settings, state, payloads, wishes);
    const adopt = args.flag("adopt");
    const attempt = newAttempt();
    const planned = planDeploy(
      { settings, config, keys, manifest, adopt, attempt, commit },
      state,
    );
    const now = describeServing(planned.plan, state);
    const reach = await checkReach(
      session,
      planned.plan,
      state,
      "as the env has it",
    );
    for (const line of [...now, ...describeFound(planned), ...reach]) say(line);
    if (planned.plan.length > 0) {
      say(
        formatSummary(
          toChanges(settings, state, planned),
          columns(process.stderr),
        ),
      );
    }
    return finish(args, {
      plan: planned.plan,
      effects: createDeployEffects(session, settleSeconds(planned.plan)),
      outcome: () => readOutcome(session, planned, config.models),
      describe: (outcome) => describeOutcome(settings, outcome),
    });
  });
}
