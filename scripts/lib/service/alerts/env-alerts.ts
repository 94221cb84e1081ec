import type { ReadApi } from "../../google/rest.ts";
import type { Service } from "../../manifest/knative.ts";
import type { Plan } from "../../plan/step.ts";
import type { Settings } from "../../settings/settings.ts";
import { addressOf } from "./alerts-state.ts";
import { planAlerts, planAlertsRemoval } from "./plan-alerts.ts";
import { lookForAlerts, readAlerts } from "./read-alerts.ts";

/** gcloud's calls of the Budget API cannot be sent to the emulator (528): what was never rehearsed is left to the operator. */
const NO_BUDGET =
  'No budget is made: docs/alerts.md, "A budget", has the command.';

/** An env whose alerts are seen to. */
export interface WatchedEnv {
  settings: Settings;
  read: ReadApi;
  /** As it is deployed; undefined: it is not. */
  service: Service | undefined;
}

export interface AlertsPlan {
  plan: Plan;
  /** What stays, and why. */
  kept: string[];
  /** What is left out, and why. */
  notes: string[];
}

/** Makes the alerts of each env, and says what is left out. The envs come one after the other: some share a project. */
export async function readAlertsPlan(
  envs: readonly WatchedEnv[],
  email: string,
): Promise<AlertsPlan> {
  const planned = await Promise.all(
    envs.map(async ({ settings, read, service }) => {
      const state = await readAlerts(read, settings);
      const { host, without } = findHost(settings, service);
      const plan = planAlerts({ settings, email, host }, state);
      return { plan, kept: [], notes: without === undefined ? [] : [without] };
    }),
  );
  const { notes, ...all } = join(planned);
  return { ...all, notes: [...notes, NO_BUDGET] };
}

/** Takes the alerts of each env away. */
export async function readAlertsRemoval(
  envs: readonly Omit<WatchedEnv, "service">[],
): Promise<AlertsPlan> {
  const planned = await Promise.all(
    envs.map(async ({ settings, read }) => {
      const { found, unseen } = await lookForAlerts(read, settings);
      const note = `alerts of ${settings.env}, where there are any: this account may not see them (monitoring.alertPolicies.list)`;
      const { plan, kept } = planAlertsRemoval(settings, found);
      return { plan, kept: unseen ? [note] : kept, notes: [] };
    }),
  );
  return join(planned);
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
