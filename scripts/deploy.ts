import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { deployUsage, readKeyOptions } from "./lib/service/deploy/usage.ts";
import { describeOutcome, readOutcome } from "./lib/service/deploy/outcome.ts";
import { converge, newAttempt, settleSeconds } from "./lib/plan/converge.ts";
import { collectKeys } from "./lib/service/keys.ts";
import { checkPreconditions } from "./lib/service/preflight.ts";
import { openSession } from "./lib/service/session.ts";
import { readService } from "./lib/service/state/read-service.ts";
import { readState } from "./lib/service/state/read-state.ts";
import { applyPlan, formatPlan, gcloudTool } from "./lib/plan/apply.ts";
import { loadConfig } from "./lib/litellm-config/load-config.ts";
import { readManifest } from "./lib/manifest/render-manifest.ts";
import { planDeploy } from "./lib/service/deploy/plan-deploy.ts";
import { verifyRevision } from "./lib/verify/verify-revision.ts";
import { printResult, say } from "./lib/cli/terminal.ts";

await runScript(deployUsage, async (args) => {
  const session = await openSession(args.positionals[0] ?? "dev", {
    yes: args.flag("yes"),
  });
  const { settings, read, payloads } = session;
  const manifest = readManifest();
  const config = loadConfig(settings, manifest);

  return converge(async (again) => {
    const state = await readState(read, settings);
    checkPreconditions(settings, state, { force: args.flag("force") });
    const keys = await collectKeys(
      settings,
      state,
      payloads,
      readKeyOptions(args, again),
    );
    const planned = planDeploy(
      {
        ...{ settings, config, keys, manifest },
        adopt: args.flag("adopt"),
        attempt: newAttempt(),
      },
      state,
    );
    if (args.flag("dry-run")) {
      printResult(formatPlan(planned.plan));
      return true;
    }
    await applyPlan(planned.plan, {
      gcloud: gcloudTool,
      payloads,
      readService: () => readService(read, settings),
      verify: (_revision, tag) =>
        verifyRevision(session, tag, settleSeconds(planned)),
    });
    const outcome = await readOutcome(session, planned, config.models);
    say(describeOutcome(settings, outcome));
    if (args.flag("json")) printResult(JSON.stringify(outcome, null, 2));
    return true;
  });
});
