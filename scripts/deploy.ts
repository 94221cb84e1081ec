import "./lib/node-version.ts";
import { runScript } from "./lib/cli.ts";
import { deployOptions, readKeyOptions } from "./lib/deploy-options.ts";
import { describeOutcome, readOutcome } from "./lib/deploy-outcome.ts";
import { converge, newAttempt, settleSeconds } from "./lib/converge.ts";
import { collectKeys } from "./lib/keys.ts";
import { checkPreconditions } from "./lib/preflight.ts";
import { openSession } from "./lib/session.ts";
import { readService } from "./lib/state/read-service.ts";
import { readState } from "./lib/state/read-state.ts";
import { printResult, say } from "./lib/terminal.ts";

await runScript(deployOptions, async (args) => {
  const [session, { applyPlan, formatPlan, gcloudTool }, ...rest] =
    await Promise.all([
      openSession(args.positionals[0] ?? "dev", { yes: args.flag("yes") }),
      // Slow to load, so while gcloud says who it is.
      import("./lib/apply.ts"),
      import("./lib/config-file.ts"),
      import("./lib/manifest/render-manifest.ts"),
      import("./lib/plan/plan-deploy.ts"),
      import("./lib/verify-revision.ts"),
    ]);
  const [{ loadConfig }, { readManifest }, { planDeploy }, { verifyRevision }] =
    rest;
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
