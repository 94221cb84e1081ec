import { randomBytes } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { ACCOUNT } from "../billing/account.ts";
import { monitoringOf } from "../monitoring/state.ts";
import type { Budget, Money, SentBudget } from "./requests.ts";

const LONGEST_NAME = 60;
const MOST_CHANNELS = 5;

/** The budget as it is kept and shown. Throws INVALID_ARGUMENT on what Google refuses. */
export function completeBudget(
  cloud: Cloud,
  name: string,
  sent: SentBudget,
): Budget {
  const { displayName = "", amount, thresholdRules = [] } = sent;
  const { budgetFilter = {}, notificationsRule = {} } = sent;
  requireThat(displayName.length <= LONGEST_NAME);
  const { monitoringNotificationChannels: channels = [] } = notificationsRule;
  requireThat(channels.length <= MOST_CHANNELS);
  for (const channel of channels) requireThat(isMailChannel(cloud, channel));
  // "Required if using email notifications."
  requireThat(channels.length === 0 || thresholdRules.length > 0);
  return {
    name,
    displayName,
    budgetFilter: {
      ...budgetFilter,
      projects: (budgetFilter.projects ?? []).map((project) =>
        toNumber(cloud, project),
      ),
      calendarPeriod: budgetFilter.calendarPeriod ?? "MONTH",
      creditTypesTreatment:
        budgetFilter.creditTypesTreatment ?? "INCLUDE_ALL_CREDITS",
    },
    amount: { specifiedAmount: completeMoney(amount?.specifiedAmount) },
    thresholdRules: thresholdRules.map(
      ({ thresholdPercent = 0, spendBasis = "CURRENT_SPEND" }) => {
        requireThat(thresholdPercent >= 0);
        return { thresholdPercent, spendBasis };
      },
    ),
    notificationsRule,
    ownershipScope: sent.ownershipScope ?? "ALL_USERS",
    etag: randomBytes(8).toString("hex"),
  };
}

/** Google shows a 64-bit number as text. */
export function showBudget(budget: Budget): object {
  const money = budget.amount?.specifiedAmount;
  return {
    ...budget,
    amount: { specifiedAmount: { ...money, units: String(money?.units ?? 0) } },
  };
}

/** A currency that is left out is the account's; another is refused. */
function completeMoney(money: Money | undefined): Money {
  requireThat(money !== undefined);
  const { currencyCode = "", units = 0, nanos = 0 } = money;
  requireThat(currencyCode === "" || currencyCode === ACCOUNT.currencyCode);
  requireThat(units >= 0 && nanos >= 0 && nanos < 1e9);
  return {
    currencyCode: ACCOUNT.currencyCode,
    units,
    ...(nanos > 0 && { nanos }),
  };
}

/** `projects/NUMBER`, as Google shows a project of a filter; it takes the id as well. */
function toNumber(cloud: Cloud, name: string): string {
  const project = cloud.findProject(
    /^projects\/([^/]+)$/.exec(name)?.[1] ?? "",
  );
  requireThat(project?.billingEnabled === true);
  return `projects/${project.projectNumber}`;
}

function isMailChannel(cloud: Cloud, name: string): boolean {
  const id = /^projects\/([^/]+)\/notificationChannels\/[^/]+$/.exec(name)?.[1];
  const project = cloud.findProject(id ?? "");
  if (project === undefined) return false;
  return monitoringOf(project).channels.get(name)?.type === "email";
}

/** Google says no more than this of a budget that it does not take. */
function requireThat(isRight: boolean): asserts isRight {
  if (isRight) return;
  throw new GoogleError(
    "INVALID_ARGUMENT",
    "Request contains an invalid argument.",
  );
}
