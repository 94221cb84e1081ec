import type { ReadApi } from "../../google/rest.ts";
import type { Service } from "../../manifest/knative.ts";
import type { Settings } from "../../settings/settings.ts";
import { addressOf } from "./alerts-state.ts";
import { readBudgetPlan, readBudgetRemoval } from "./env-budget.ts";
import type { Amount } from "./options.ts";
import {
  type AlertsPlan,
  planAlerts,
  planAlertsRemoval,
} from "./plan-alerts.ts";
import { lookForAlerts, readAlerts } from "./read-alerts.ts";

/** An env whose alerts are seen to. */
export interface WatchedEnv {
  settings: Settings;
  read: ReadApi;
  /** As it is deployed; undefined: it is not. */
  service: Service | undefined;
}

/** Makes the alerts of each env, and a budget of each project, and says what is left out. The envs come one after the other: some share a project. */
export async function readAlertsPlan(
  envs: readonly WatchedEnv[],
  { email, budget }: { email: string; budget: Amount | undefined },
): Promise<AlertsPlan> {
  const planned = await Promise.all(
    envs.map(async ({ settings, read, service }) => {
      const state = await readAlerts(read, settings);
      const { host, without } = findHost(settings, service);
      const plan = planAlerts({ settings, email, host }, state);
      const notes = without === undefined ? [] : [without];
      return { settings, read, state, alerts: { plan, kept: [], notes } };
    }),
  );
  const budgets =
    budget === undefined
      ? []
      : await Promise.all(
          byProject(planned).map(([first]) => readBudgetPlan(first, budget)),
        );
  return join([...planned.map(({ alerts }) => alerts), ...budgets]);
}

/** Takes the alerts of each env away, and the budget of a project that has no others. */
export async function readAlertsRemoval(
  envs: readonly Omit<WatchedEnv, "service">[],
): Promise<AlertsPlan> {
  const planned = await Promise.all(
    envs.map(async ({ settings, read }) => {
      const { found: state, unseen } = await lookForAlerts(read, settings);
      const note = `alerts of ${settings.env}, where there are any: this account may not see them (monitoring.alertPolicies.list)`;
      const { plan, kept } = planAlertsRemoval(settings, state);
      const alerts = { plan, kept: unseen ? [note] : kept, notes: [] };
      return { settings, read, state, alerts };
    }),
  );
  const budgets = await Promise.all(
    byProject(planned).map((ofProject) => readBudgetRemoval(ofProject)),
  );
  // What names a channel goes before it.
  return join([...budgets, ...planned.map(({ alerts }) => alerts)]);
}

/** For a set-up without a word of alerts: where there are some, they stay. */
export async function readAlertsLeft(
  envs: readonly Omit<WatchedEnv, "service">[],
): Promise<AlertsPlan> {
  const kept = await Promise.all(
    envs.map(async ({ settings, read }) => {
      const { found } = await lookForAlerts(read, settings);
      const address = addressOf(found);
      return address === undefined
        ? []
        : [`alerts of ${settings.env} to ${address}: --remove takes them away`];
    }),
  );
  return { plan: [], kept: kept.flat(), notes: [] };
}

/** What an uptime check can ask from outside without an identity; else why there is none. */
function findHost(
  { env, access, ingress }: Settings,
  service: Service | undefined,
): { host?: string; without?: string } {
  const none = `No uptime check of ${env}:`;
  if (access === "iam") {
    return {
      without: `${none} with ACCESS=iam it would need an identity that may call the service (docs/alerts.md).`,
    };
  }
  if (ingress !== "all") {
    return {
      without: `${none} INGRESS=${ingress} lets nobody in from outside.`,
    };
  }
  const url = service?.status?.url;
  if (url === undefined) {
    return {
      without: `${none} it is not deployed yet. Set up again once it is.`,
    };
  }
  return { host: new URL(url).host };
}

function join(planned: readonly AlertsPlan[]): AlertsPlan {
  return {
    plan: planned.flatMap(({ plan }) => plan),
    kept: planned.flatMap(({ kept }) => kept),
    notes: planned.flatMap(({ notes }) => notes),
  };
}

/** In the order of the envs; each project has one of them at least. */
function byProject<T extends { settings: Settings }>(
  planned: readonly T[],
): [T, ...T[]][] {
  const projects = new Map<string, [T, ...T[]]>();
  for (const one of planned) {
    const { projectId } = one.settings;
    const known = projects.get(projectId);
    if (known === undefined) projects.set(projectId, [one]);
    else known.push(one);
  }
  return [...projects.values()];
}
