import { ApiError } from "../../google/api-error.ts";
import { readPages } from "../../google/pages.ts";
import type { ReadApi } from "../../google/rest.ts";
import type { Settings } from "../../settings/settings.ts";
import { LABEL } from "../ownership.ts";
import { readEnabledApis } from "../state/read-project.ts";
import {
  type AlertsState,
  type ChannelState,
  type CheckState,
  type Marked,
  NO_ALERTS,
  type PolicyState,
  isOurs,
} from "./alerts-state.ts";
import { BUDGETS_API } from "./budget-state.ts";

export const ALERTS_API = "monitoring.googleapis.com";

/** Reads all of the project's, and leaves out what is not of this service and ours. */
export async function readAlerts(
  read: ReadApi,
  settings: Settings,
): Promise<AlertsState> {
  const { projectId } = settings;
  const list = <T>(field: string): Promise<T[]> =>
    readPages<T>(read, {
      api: "monitoring",
      path: `v3/projects/${projectId}/${field}`,
      field,
    });
  const [enabled, channels, policies, checks] = await Promise.all([
    readEnabledApis(read, projectId, [ALERTS_API, BUDGETS_API]),
    list<ChannelState>("notificationChannels"),
    list<PolicyState>("alertPolicies"),
    list<CheckState>("uptimeCheckConfigs"),
  ]);
  const ours = <T extends Marked>(all: readonly T[]): T[] =>
    all.filter((one) => isOurs(settings, one));
  const mine = ours(channels);
  const kept = ours(policies);
  const others = policies.filter((policy) => !kept.includes(policy));
  return {
    apiEnabled: enabled.has(ALERTS_API),
    budgetsEnabled: enabled.has(BUDGETS_API),
    channels: mine,
    policies: kept,
    checks: ours(checks),
    shared: new Set(others.flatMap((one) => one.notificationChannels ?? [])),
    neighbours: channels
      .filter((one) => one.userLabels?.[LABEL] !== undefined)
      .filter((one) => !mine.includes(one))
      .map(({ name }) => name),
  };
}

/** For who did not ask for alerts, and may not be allowed to see any: `unseen` says that they may be there. */
export async function lookForAlerts(
  read: ReadApi,
  settings: Settings,
): Promise<{ found: AlertsState; unseen: boolean }> {
  try {
    return { found: await readAlerts(read, settings), unseen: false };
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 403)) throw error;
    return { found: NO_ALERTS, unseen: true };
  }
}
