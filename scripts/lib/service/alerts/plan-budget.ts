import { isDeepStrictEqual } from "node:util";
import { enableApis } from "../../google/commands/apis.ts";
import * as commands from "../../google/commands/budgets.ts";
import {
  type Plan,
  type Step,
  compact,
  gcloudStep,
  removalStep,
  spreadingStep,
} from "../../plan/step.ts";
import type { Settings } from "../../settings/settings.ts";
import type { AlertsState } from "./alerts-state.ts";
import {
  BUDGETS_API,
  type Budget,
  type BudgetState,
  amountOf,
  budgetName,
  channelsOf,
} from "./budget-state.ts";
import { channelStep } from "./channel-step.ts";
import type { Amount } from "./options.ts";
import type { AlertsPlan } from "./plan-alerts.ts";

/** Shares of the amount, as Google's console proposes them. */
const THRESHOLDS = [0.5, 0.9, 1];

/** "A maximum of 5 email notifications are allowed." (discovery document of Billing Budgets v1) */
const MOST_CHANNELS = 5;

export interface BudgetInput {
  settings: Settings;
  amount: Amount;
  account: string;
}

/** The budget of a project, as it is to be: told to the channel of the alerts, and to whomever else it was told to before. */
export function planBudget(
  { settings, amount, account }: BudgetInput,
  { budgets: [budget, ...more] }: BudgetState,
  { budgetsEnabled, channels: [channel] }: AlertsState,
): Plan {
  const wanted: commands.MonthlyBudget = {
    displayName: budgetName(settings),
    amount: `${amount.units}${amount.currency}`,
    thresholds: THRESHOLDS,
  };
  const what = `budget of ${settings.projectId}: ${wanted.amount} a month`;
  const step = (): Step[] => {
    if (budget === undefined) {
      return [
        channelStep(settings, channel, `Create ${what}`, (to) =>
          commands.createBudget(settings, account, wanted, to),
        ),
      ];
    }
    const told = channelsOf(budget);
    const isRight =
      holds(budget, amount) &&
      channel !== undefined &&
      told.includes(channel.name);
    if (isRight) return [];
    return [
      channelStep(settings, channel, `Set ${what}`, (to) => {
        const others = told.filter((name) => name !== to);
        const all = [to, ...others].slice(0, MOST_CHANNELS).join(",");
        return commands.updateBudget(settings, budget.name, wanted, all);
      }),
    ];
  };
  return compact([
    budgetsEnabled
      ? []
      : [
          spreadingStep(
            `Enable ${BUDGETS_API} in ${settings.projectId}`,
            enableApis(settings, [BUDGETS_API]),
          ),
        ],
    step(),
    more.map((one) => deleteBudget(settings, one)),
  ]);
}

/** With the alerts of the last service of the project; before that, what goes is no longer told. */
export function planBudgetRemoval(
  settings: Settings,
  { budgets }: BudgetState,
  { going, staying }: { going: readonly string[]; staying: readonly string[] },
): Omit<AlertsPlan, "notes"> {
  const [stays] = staying;
  if (stays === undefined) {
    const steps = budgets.map((budget) => deleteBudget(settings, budget));
    return { plan: compact([steps]), kept: [] };
  }
  const steps = budgets.flatMap((budget) => {
    const told = channelsOf(budget);
    const left = told.filter((name) => !going.includes(name));
    if (left.length === told.length) return [];
    const to = (left.length > 0 ? left : [stays]).join(",");
    const command = commands.notifyOthers(settings, budget.name, to);
    return [gcloudStep(`Tell others of the ${describe(budget)}`, command)];
  });
  const kept = budgets.map(
    (budget) =>
      `${describe(budget)}: another service of the project has alerts`,
  );
  return { plan: compact([steps]), kept };
}

/** Whether what is found is what is written here; Google shows more. */
function holds(
  { amount, budgetFilter, thresholdRules, notificationsRule }: Budget,
  { units, currency }: Amount,
): boolean {
  const money = amount?.specifiedAmount;
  return (
    money?.units === units &&
    (money.nanos ?? 0) === 0 &&
    (currency === "" || money.currencyCode === currency) &&
    budgetFilter?.calendarPeriod === "MONTH" &&
    (budgetFilter.creditTypesTreatment ?? ALL_CREDITS) === ALL_CREDITS &&
    notificationsRule?.disableDefaultIamRecipients !== true &&
    isDeepStrictEqual(
      thresholdRules?.map(
        ({ thresholdPercent, spendBasis = "CURRENT_SPEND" }) =>
          `${String(thresholdPercent)} ${spendBasis}`,
      ),
      THRESHOLDS.map((share) => `${String(share)} CURRENT_SPEND`),
    )
  );
}

const ALL_CREDITS = "INCLUDE_ALL_CREDITS";

function describe(budget: Budget): string {
  return `budget "${budget.displayName ?? budget.name}" (${amountOf(budget)} a month)`;
}

function deleteBudget(settings: Settings, budget: Budget): Step {
  return removalStep(
    `Delete ${describe(budget)}`,
    commands.deleteBudget(settings, budget.name),
  );
}
