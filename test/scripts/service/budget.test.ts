import { describe, expect, test } from "vitest";
import type {
  Budget,
  BudgetState,
} from "../../../scripts/lib/service/alerts/budget-state.ts";
import { isOurBudget } from "../../../scripts/lib/service/alerts/budget-state.ts";
import { NO_ALERTS } from "../../../scripts/lib/service/alerts/alerts-state.ts";
import { parseBudget } from "../../../scripts/lib/service/alerts/options.ts";
import {
  planBudget,
  planBudgetRemoval,
} from "../../../scripts/lib/service/alerts/plan-budget.ts";
import { titlesOf } from "../../../scripts/lib/plan/step.ts";
import { previewPlan } from "../../support/plans.ts";
import { settingsWith } from "../../support/states.ts";

const settings = settingsWith();
const account = "billingAccounts/000000-000000-000001";
const amount = { units: "100", currency: "" };
const channel = { name: "projects/my-project/notificationChannels/1" };
const alerts = { ...NO_ALERTS, budgetsEnabled: true, channels: [channel] };

/** What a set-up leaves behind. */
function made(change: Partial<Budget> = {}): BudgetState {
  const budget: Budget = {
    name: `${account}/budgets/b`,
    displayName: "litellm-cloudrun my-project",
    budgetFilter: {
      projects: ["projects/100000000001"],
      calendarPeriod: "MONTH",
      creditTypesTreatment: "INCLUDE_ALL_CREDITS",
    },
    amount: { specifiedAmount: { currencyCode: "EUR", units: "100" } },
    thresholdRules: [0.5, 0.9, 1].map((thresholdPercent) => ({
      thresholdPercent,
      spendBasis: "CURRENT_SPEND",
    })),
    notificationsRule: { monitoringNotificationChannels: [channel.name] },
    ...change,
  };
  return { account, budgets: [budget] };
}

function plan(state: BudgetState, of = amount, seen = alerts) {
  return planBudget({ settings, account, amount: of }, state, seen);
}

describe("the budget of a project", () => {
  test("is made where there is none, once its API is enabled", () => {
    const seen = { ...alerts, budgetsEnabled: false };
    const planned = plan({ account, budgets: [] }, amount, seen);
    expect(previewPlan(planned)).toMatchInlineSnapshot(`
      "gcloud services enable billingbudgets.googleapis.com --project=my-project

      gcloud billing budgets create --billing-account=000000-000000-000001 --display-name='litellm-cloudrun my-project' --budget-amount=100 --filter-projects=projects/my-project --calendar-period=month --threshold-rule=percent=0.5 --threshold-rule=percent=0.9 --threshold-rule=percent=1 --notifications-rule-monitoring-notification-channels=projects/my-project/notificationChannels/1 --format=none --project=my-project"
    `);
  });

  test("is left alone where it is as it is to be, and where others are told of it, too", () => {
    expect(plan(made())).toEqual([]);
    const monitoringNotificationChannels = ["another", channel.name];
    const told = made({
      notificationsRule: { monitoringNotificationChannels },
    });
    expect(plan(told, { units: "100", currency: "EUR" })).toEqual([]);
  });

  test.each<[string, Partial<Budget>]>([
    [
      "the amount",
      { amount: { specifiedAmount: { currencyCode: "EUR", units: "200" } } },
    ],
    ["the thresholds", { thresholdRules: [{ thresholdPercent: 1 }] }],
    [
      "what is forecast",
      {
        thresholdRules: [0.5, 0.9, 1].map((thresholdPercent) => ({
          thresholdPercent,
          spendBasis: "FORECASTED_SPEND",
        })),
      },
    ],
    [
      "the period",
      { budgetFilter: { projects: ["projects/1"], calendarPeriod: "YEAR" } },
    ],
    ["who is told", { notificationsRule: {} }],
    [
      "that the account's administrators are told",
      {
        notificationsRule: {
          monitoringNotificationChannels: [channel.name],
          disableDefaultIamRecipients: true,
        },
      },
    ],
  ])("is put right where somebody changed %s", (_what, change) => {
    expect(titlesOf(plan(made(change)))).toEqual([
      "Set budget of my-project: 100 a month",
    ]);
  });

  test("goes on telling those that it told, five in all", () => {
    const others = ["a", "b", "c", "d", "e"];
    const state = made({
      notificationsRule: { monitoringNotificationChannels: others },
    });
    expect(previewPlan(plan(state))).toContain(
      `--notifications-rule-monitoring-notification-channels=${channel.name},a,b,c,d `,
    );
  });

  test("is ours by its whole name, of one project", () => {
    const [budget] = made().budgets;
    if (budget === undefined) throw new Error("none");
    expect(isOurBudget(settings, budget)).toBe(true);
    for (const change of [
      { displayName: "litellm-cloudrun my-project-2" },
      { displayName: "my own" },
      { budgetFilter: { projects: ["projects/1", "projects/2"] } },
      { budgetFilter: {} },
    ]) {
      expect(isOurBudget(settings, { ...budget, ...change })).toBe(false);
    }
  });

  test("goes with the last alerts of the project, and before that is told to the others", () => {
    const going = [channel.name];
    const last = planBudgetRemoval(settings, made(), { going, staying: [] });
    expect(previewPlan(last.plan)).toMatchInlineSnapshot(
      `"gcloud billing budgets delete billingAccounts/000000-000000-000001/budgets/b --quiet --project=my-project"`,
    );
    const some = planBudgetRemoval(settings, made(), { going, staying: ["2"] });
    expect(previewPlan(some.plan)).toMatchInlineSnapshot(
      `"gcloud billing budgets update billingAccounts/000000-000000-000001/budgets/b --notifications-rule-monitoring-notification-channels=2 --format=none --project=my-project"`,
    );
    expect(some.kept).toEqual([
      'budget "litellm-cloudrun my-project" (100 EUR a month): another service of the project has alerts',
    ]);
  });
});

describe("--budget", () => {
  const parse = (budget: string, email = "ann@example.com") =>
    parseBudget({
      value: (name) =>
        ({ alerts: email === "" ? undefined : email, budget })[name],
      flag: () => false,
    });

  test("is a whole amount, with a currency or in that of the account", () => {
    expect(parse("100")).toEqual({ units: "100", currency: "" });
    expect(parse("100EUR")).toEqual({ units: "100", currency: "EUR" });
  });

  test.each(["0", "-1", "1.5", "1e3", "100 EUR", "100eur", "EUR", ""])(
    "is refused: %j",
    (budget) => {
      expect(() => parse(budget)).toThrow("expected a whole amount a month");
    },
  );

  test("is refused without an address", () => {
    expect(() => parse("100", "")).toThrow("--budget needs --alerts=EMAIL");
  });
});
