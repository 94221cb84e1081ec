import { InputError } from "../lib/cli/errors.ts";
import type { Arguments } from "../lib/cli/run-script.ts";
import { scriptCommand } from "../lib/cli/script-command.ts";
import { columns, fitTerminal, printResult, say } from "../lib/cli/terminal.ts";
import { loadConfig } from "../lib/litellm-config/load-config.ts";
import { compileSchemas } from "../lib/litellm-config/schema.ts";
import { readManifest } from "../lib/manifest/render-manifest.ts";
import { formatPlan } from "../lib/plan/apply.ts";
import { isUnchanged } from "../lib/service/changes/changes.ts";
import { estimate, formatEstimate } from "../lib/service/changes/estimate.ts";
import { planEnv, planEveryEnv } from "../lib/service/changes/plan-envs.ts";
import {
  costOf,
  formatCost,
  readPrices,
} from "../lib/service/changes/prices.ts";
import {
  formatDetails,
  formatSummaries,
  formatSummary,
} from "../lib/service/changes/report.ts";
import { toLoad } from "../lib/service/changes/usage.ts";
import { isUnread } from "../lib/service/every-env.ts";
import { logIn } from "../lib/service/log-in.ts";
import { openSession } from "../lib/service/session.ts";

export function plan(args: Arguments): Promise<boolean> {
  const [env] = args.positionals;
  if (!args.flag("all")) return planOne(args, env ?? "dev");
  const one = ["requests", "seconds", "prices"].find(
    (name) => args.value(name) !== undefined,
  );
  if (env === undefined && one === undefined) return planAll(args);
  throw new InputError(
    env === undefined
      ? `--${one ?? ""} is of one env, and --all looks at every env`
      : `--all looks at every env, ${env} included`,
    { hint: "Leave one of the two out." },
  );
}

async function planOne(args: Arguments, env: string): Promise<boolean> {
  const load = toLoad(args);
  const priceFile = args.value("prices");
  const prices = priceFile === undefined ? undefined : readPrices(priceFile);
  const login = logIn(env);
  // While gcloud starts.
  compileSchemas();
  const session = await openSession(login, { yes: true });
  const { settings } = session;
  const manifest = readManifest();
  const config = loadConfig(settings, manifest);
  const adopt = args.flag("adopt");
  const { planned, changes } = await planEnv(session, {
    config,
    manifest,
    adopt,
  });
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
    const fit = (text: string) => fitTerminal(text, process.stdout);
    const parts = [
      fit(formatSummary(changes, width)),
      fit(details),
      args.flag("verbose") && !changes.byRelease
        ? formatPlan(planned.plan)
        : "",
      fit(["A month of 30 days", ...formatEstimate(month)].join("\n")),
      cost === null ? "" : fit(["In money", ...formatCost(cost)].join("\n")),
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
}

/** An env that cannot be read is no env without changes. */
async function planAll(args: Arguments): Promise<boolean> {
  const envs = await planEveryEnv(args.flag("adopt"));
  printResult(
    args.flag("json")
      ? JSON.stringify(
          envs.map((seen) =>
            isUnread(seen) ? seen : { ...seen, unchanged: isUnchanged(seen) },
          ),
          null,
          2,
        )
      : formatSummaries(envs, columns(process.stdout)),
  );
  const all = !envs.some(isUnread);
  const unchanged = envs.every((seen) => isUnread(seen) || isUnchanged(seen));
  return all && (unchanged || !args.flag("expect-no-changes"));
}
