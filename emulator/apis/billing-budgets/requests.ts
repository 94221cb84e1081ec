import {
  type Message,
  bool,
  double,
  enumeration,
  int32,
  int64,
  list,
  message,
  outputOnly,
  string,
  uncovered,
} from "../../core/message.ts";

// Fields, enums and their numbers: google/cloud/billing/budgets/v1 (budget_model.proto).

const MONEY_FIELDS = { currencyCode: string, units: int64, nanos: int32 };

const FILTER_FIELDS = {
  projects: list(string),
  creditTypesTreatment: enumeration(
    "google.cloud.billing.budgets.v1.Filter.CreditTypesTreatment",
    { INCLUDE_ALL_CREDITS: 1, EXCLUDE_ALL_CREDITS: 2 },
  ),
  calendarPeriod: enumeration(
    "google.cloud.billing.budgets.v1.CalendarPeriod",
    { MONTH: 1, QUARTER: 2, YEAR: 3 },
  ),
  creditTypes: uncovered,
  resourceAncestors: uncovered,
  services: uncovered,
  subaccounts: uncovered,
  labels: uncovered,
  customPeriod: uncovered,
};

const RULE_FIELDS = {
  thresholdPercent: double,
  spendBasis: enumeration(
    "google.cloud.billing.budgets.v1.ThresholdRule.Basis",
    { CURRENT_SPEND: 1, FORECASTED_SPEND: 2 },
  ),
};

const NOTIFICATIONS_FIELDS = {
  monitoringNotificationChannels: list(string),
  disableDefaultIamRecipients: bool,
  enableProjectLevelRecipients: bool,
  pubsubTopic: uncovered,
  schemaVersion: uncovered,
};

const BUDGET_FIELDS = {
  name: outputOnly,
  displayName: string,
  budgetFilter: message(FILTER_FIELDS),
  amount: message({
    specifiedAmount: message(MONEY_FIELDS),
    lastPeriodAmount: uncovered,
  }),
  thresholdRules: list(message(RULE_FIELDS)),
  notificationsRule: message(NOTIFICATIONS_FIELDS),
  etag: string,
  ownershipScope: enumeration(
    "google.cloud.billing.budgets.v1.OwnershipScope",
    { ALL_USERS: 1, BILLING_ACCOUNT: 2 },
  ),
};

export const BUDGET = message(BUDGET_FIELDS);

export type SentBudget = Omit<Message<typeof BUDGET_FIELDS>, "name">;
export type Money = Message<typeof MONEY_FIELDS>;

/** With what Google adds to it. */
export interface Budget extends SentBudget {
  name: string;
  etag: string;
}
