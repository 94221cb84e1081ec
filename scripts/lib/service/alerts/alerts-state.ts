import type { UserLabels } from "../../google/commands/monitoring.ts";
import type { Settings } from "../../settings/settings.ts";
import { labelsOf } from "./labels.ts";

/** What Monitoring has for one service: ours only, the oldest first. */
export interface AlertsState {
  apiEnabled: boolean;
  /** Whether the API of budgets is. */
  budgetsEnabled: boolean;
  channels: ChannelState[];
  policies: PolicyState[];
  checks: CheckState[];
  /** Names of channels that policies of somebody else's notify. */
  shared: ReadonlySet<string>;
  /** Names of channels that were made for other services of the project. */
  neighbours: string[];
}

export interface Marked {
  /** `projects/P/alertPolicies/ID`. */
  name: string;
  displayName?: string;
  userLabels?: UserLabels;
}

export interface ChannelState extends Marked {
  enabled?: boolean;
  labels?: { email_address?: string };
}

/** With whatever else Google shows of it. */
export interface PolicyState extends Marked {
  notificationChannels?: string[];
  [field: string]: unknown;
}

export interface CheckState extends Marked {
  period?: string;
  timeout?: string;
  disabled?: boolean;
  monitoredResource?: { labels?: { host?: string } };
  httpCheck?: { path?: string; useSsl?: boolean; validateSsl?: boolean };
}

export const NO_ALERTS: AlertsState = {
  apiEnabled: false,
  budgetsEnabled: false,
  channels: [],
  policies: [],
  checks: [],
  shared: new Set(),
  neighbours: [],
};

/** Whether it carries all labels that are written for this service. */
export function isOurs(
  settings: Settings,
  { userLabels = {} }: Marked,
): boolean {
  return Object.entries(labelsOf(settings)).every(
    ([key, value]) => userLabels[key] === value,
  );
}

/** Where the alerts go; undefined: there are none. */
export function addressOf({ channels }: AlertsState): string | undefined {
  return channels[0]?.labels?.email_address;
}
