import type { Command } from "../gcloud.ts";
import { type InProject, inProject } from "../places.ts";

/** A budget of one project, for each month. */
export interface MonthlyBudget {
  displayName: string;
  /** `100` in the currency of the billing account, or `100EUR`. */
  amount: string;
  /** Shares of the amount that are told of: 0.5 is 50 %. */
  thresholds: readonly number[];
}

/** `account`: `billingAccounts/ID`. `channels`: names, joined by commas. */
export function createBudget(
  place: InProject,
  account: string,
  budget: MonthlyBudget,
  channels: string,
): Command {
  return budgets(place, "create", [
    `--billing-account=${account.replace(/^billingAccounts\//, "")}`,
    `--display-name=${budget.displayName}`,
    `--budget-amount=${budget.amount}`,
    `--filter-projects=projects/${place.projectId}`,
    "--calendar-period=month",
    ...budget.thresholds.map(
      (share) => `--threshold-rule=percent=${String(share)}`,
    ),
    notify(channels),
    "--format=none",
  ]);
}

/** All but its name and its project. `name`: `billingAccounts/A/budgets/B`. */
export function updateBudget(
  place: InProject,
  name: string,
  { amount, thresholds }: MonthlyBudget,
  channels: string,
): Command {
  return budgets(place, "update", [
    name,
    `--budget-amount=${amount}`,
    "--calendar-period=month",
    "--credit-types-treatment=include-all-credits",
    "--clear-threshold-rules",
    ...thresholds.map(
      (share) => `--add-threshold-rule=percent=${String(share)}`,
    ),
    notify(channels),
    "--no-disable-default-iam-recipients",
    "--format=none",
  ]);
}

export function notifyOthers(
  place: InProject,
  name: string,
  channels: string,
): Command {
  return budgets(place, "update", [name, notify(channels), "--format=none"]);
}

export function deleteBudget(place: InProject, name: string): Command {
  return budgets(place, "delete", [name, "--quiet"]);
}

function notify(channels: string): string {
  return `--notifications-rule-monitoring-notification-channels=${channels}`;
}

function budgets(place: InProject, verb: string, rest: string[]): Command {
  return { args: ["billing", "budgets", verb, ...rest, inProject(place)] };
}
