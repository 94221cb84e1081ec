import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { scriptCommand } from "./lib/cli/script-command.ts";
import { columns, printResult, say } from "./lib/cli/terminal.ts";
import { loadConfig } from "./lib/litellm-config/load-config.ts";
import { compileSchemas } from "./lib/litellm-config/schema.ts";
import { readManifest } from "./lib/manifest/render-manifest.ts";
import { formatPlan } from "./lib/plan/apply.ts";
import { newAttempt } from "./lib/service/attempt.ts";
import { isUnchanged } from "./lib/service/changes/changes.ts";
import { estimate, formatEstimate } from "./lib/service/changes/estimate.ts";
import {
  costOf,
  formatCost,
  readPrices,
} from "./lib/service/changes/prices.ts";
import { expectKeys } from "./lib/service/changes/expected-keys.ts";
import { readChanges } from "./lib/service/changes/read-changes.ts";
import { formatDetails, formatSummary } from "./lib/service/changes/report.ts";
import { planUsage, toLoad } from "./lib/service/changes/usage.ts";
import { planDeploy } from "./lib/service/deploy/plan-deploy.ts";
import { openSession } from "./lib/service/session.ts";
import { readState } from "./lib/service/state/read-state.ts";

await runScript(planUsage, async (args) => {
  const load = toLoad(args);
  const priceFile = args.value("prices");
  const prices = priceFile === undefined ? undefined : readPrices(priceFile);
  const env = args.positionals[0] ?? "dev";
  const session = await openSession(env, {
    yes: true,
    meanwhile: compileSchemas,
  });
  const { settings, read } = session;
  const manifest = readManifest();
  const config = loadConfig(settings, manifest);
  const state = await readState(read, settings);
  const keys = expectKeys(settings, state);
  const attempt = newAttempt();
  const adopt = args.flag("adopt");
  const input = { settings, config, keys, manifest, adopt, attempt };
  const planned = planDeploy(input, state);
  const changes = await readChanges(session, state, planned, config);
  const month = estimate(settings, load);
  const cost = prices === undefined ? null : costOf(month, prices);
  const unchanged = isUnchanged(changes);
  if (args.flag("json")) {
    printResult(
      JSON.stringify({ ...changes, unchanged, month, cost }, null, 2),
    );
  } else {
    const width = columns(process.stdout);
    const details = formatDetails(changes, process.stdout, width);
    const parts = [
      formatSummary(changes, width),
      details,
      args.flag("verbose") && !changes.byRelease
        ? formatPlan(planned.plan)
        : "",
      ["A month of 30 days", ...formatEstimate(month)].join("\n"),
      cost === null ? "" : ["In money", ...formatCost(cost)].join("\n"),
    ];
    printResult(parts.filter(Boolean).join("\n\n"));
  }
  if (!unchanged) {
    const next = changes.byRelease
      ? scriptCommand("release")
      : scriptCommand("deploy", env);
    say(`To make it so: ${next}`);
  }
  return unchanged || !args.flag("expect-no-changes");
});
