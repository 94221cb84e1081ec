import type { Settings } from "../../settings/settings.ts";
import { LABEL } from "../ownership.ts";

export const BUDGETS_API = "billingbudgets.googleapis.com";

/** What Cloud Billing has for one project. */
export interface BudgetState {
  /** That pays for the project: `billingAccounts/ID`; undefined: none does. */
  account: string | undefined;
  /** Ours only. */
  budgets: Budget[];
}

export interface Budget {
  /** `billingAccounts/ID/budgets/ID`. */
  name: string;
  displayName?: string;
  budgetFilter?: {
    projects?: string[];
    calendarPeriod?: string;
    creditTypesTreatment?: string;
  };
  amount?: {
    /** 64-bit numbers are text in Google's JSON. */
    specifiedAmount?: { currencyCode?: string; units?: string; nanos?: number };
  };
  thresholdRules?: { thresholdPercent?: number; spendBasis?: string }[];
  notificationsRule?: {
    monitoringNotificationChannels?: string[];
    disableDefaultIamRecipients?: boolean;
  };
}

/** A budget has no labels: what tells ours is its whole name, with its project's id. */
export function budgetName({ projectId }: Settings): string {
  return `${LABEL} ${projectId}`;
}

/** One that was renamed, or given other projects, is somebody's own. */
export function isOurBudget(
  settings: Settings,
  { displayName, budgetFilter }: Budget,
): boolean {
  return (
    displayName === budgetName(settings) && budgetFilter?.projects?.length === 1
  );
}

export function channelsOf({ notificationsRule }: Budget): readonly string[] {
  return notificationsRule?.monitoringNotificationChannels ?? [];
}

/** `100 USD`. */
export function amountOf({ amount }: Budget): string {
  const { units = "0", currencyCode = "" } = amount?.specifiedAmount ?? {};
  return `${units} ${currencyCode}`;
}
