import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accountPolicyOf } from "../../../../emulator/apis/billing/account.ts";
import { budgetsOf } from "../../../../emulator/apis/billing-budgets/api.ts";
import type { Member } from "../../../../emulator/core/cloud.ts";
import { itConforms } from "../../../support/discovery.ts";
import {
  startTestEmulator,
  type TestEmulator,
} from "../../../support/emulator.ts";
import { callRest } from "../../../support/rest.ts";

const ACCOUNT = "billingAccounts/000000-000000-000001";
const PATH = `/v1/${ACCOUNT}/budgets`;
const CHANNELS = "/v3/projects/demo-litellm/notificationChannels";

let emulator: TestEmulator;
let channel: string;
let project: string;
beforeAll(async () => {
  emulator = await startTestEmulator();
  const { cloud } = emulator;
  const demo = cloud.project("demo-litellm");
  cloud.enableApi(demo, "billingbudgets.googleapis.com");
  project = `projects/${demo.projectNumber}`;
  const made = await callRest(emulator, "POST", CHANNELS, {
    type: "email",
    labels: { email_address: "ann@example.com" },
  });
  channel = (made.body as { name: string }).name;
});
afterAll(() => emulator.close());

function budgets(...args: string[]) {
  return emulator.gcloud(["billing", "budgets", ...args, "--format=json"]);
}

function aBudget(change: object = {}) {
  return {
    displayName: "one",
    budgetFilter: { projects: ["projects/demo-litellm"] },
    amount: { specifiedAmount: { units: "100" } },
    thresholdRules: [{ thresholdPercent: 0.5 }],
    ...change,
  };
}

it("is made, listed, described, updated and deleted by gcloud, over TLS", async () => {
  const created = await budgets(
    "create",
    "--billing-account=000000-000000-000001",
    "--display-name=mine",
    "--budget-amount=100USD",
    "--filter-projects=projects/demo-litellm",
    "--threshold-rule=percent=0.5",
    "--threshold-rule=percent=1,basis=forecasted-spend",
    `--notifications-rule-monitoring-notification-channels=${channel}`,
  );
  expect(created.stderr).not.toContain("ERROR");
  const made = JSON.parse(created.stdout) as { name: string };
  expect(made).toMatchObject({
    displayName: "mine",
    budgetFilter: {
      projects: [project],
      calendarPeriod: "MONTH",
      creditTypesTreatment: "INCLUDE_ALL_CREDITS",
    },
    amount: { specifiedAmount: { currencyCode: "USD", units: "100" } },
    thresholdRules: [
      { thresholdPercent: 0.5, spendBasis: "CURRENT_SPEND" },
      { thresholdPercent: 1, spendBasis: "FORECASTED_SPEND" },
    ],
    notificationsRule: { monitoringNotificationChannels: [channel] },
  });
  const described = await budgets("describe", made.name);
  expect(JSON.parse(described.stdout)).toEqual(made);
  const updated = await budgets(
    "update",
    made.name,
    "--budget-amount=200",
    "--clear-threshold-rules",
    "--add-threshold-rule=percent=0.9",
  );
  expect(updated.stderr).not.toContain("ERROR");
  expect(JSON.parse(updated.stdout)).toMatchObject({
    ...made,
    amount: { specifiedAmount: { currencyCode: "USD", units: "200" } },
    thresholdRules: [{ thresholdPercent: 0.9, spendBasis: "CURRENT_SPEND" }],
    etag: expect.not.stringMatching(
      (made as unknown as { etag: string }).etag,
    ) as unknown,
  });
  accountPolicyOf(emulator.cloud).bindings.push({
    role: "roles/billing.viewer",
    members: ["user:developer@example.com"],
  });
  const listed = await budgets("list", `--billing-account=${ACCOUNT}`);
  expect(JSON.parse(listed.stdout)).toHaveLength(1);
  const deleted = await budgets("delete", made.name, "--quiet");
  expect(deleted.stderr).not.toContain("ERROR");
  expect(budgetsOf(emulator.cloud).size).toBe(0);
  const hosts = emulator.exchanges.map(({ host }) => host);
  expect(hosts).toContain("billingbudgets.googleapis.com");
});

describe("a budget is refused", () => {
  it.each<[string, object]>([
    ["without an amount", { amount: {} }],
    ["with a name of 61 characters", { displayName: "x".repeat(61) }],
    [
      "in another currency than the account's",
      { amount: { specifiedAmount: { currencyCode: "EUR", units: "1" } } },
    ],
    ["of less than nothing", { amount: { specifiedAmount: { units: "-1" } } }],
    [
      "of a project that is not there",
      { budgetFilter: { projects: ["projects/none"] } },
    ],
    [
      "with a share below nothing",
      { thresholdRules: [{ thresholdPercent: -1 }] },
    ],
    [
      "that mails a channel that is not there",
      {
        notificationsRule: {
          monitoringNotificationChannels: [
            "projects/demo-litellm/notificationChannels/1",
          ],
        },
      },
    ],
  ])("%s", async (_why, change) => {
    const { cloud } = emulator;
    accountPolicyOf(cloud).bindings = [
      {
        role: "roles/billing.costsManager",
        members: ["user:developer@example.com"],
      },
    ];
    const answer = await callRest(emulator, "POST", PATH, aBudget(change));
    expect(answer).toMatchObject({
      status: 400,
      message: "Request contains an invalid argument.",
    });
  });

  it("with six channels, or with one and no threshold", async () => {
    for (const [count, thresholdRules] of [
      [6, aBudget().thresholdRules],
      [1, []],
    ] as const) {
      const monitoringNotificationChannels = Array<string>(count).fill(channel);
      const { status } = await callRest(
        emulator,
        "POST",
        PATH,
        aBudget({
          thresholdRules,
          notificationsRule: { monitoringNotificationChannels },
        }),
      );
      expect(status).toBe(400);
    }
  });

  it("with what is not covered, which the refusal names", async () => {
    const budgetFilter = { services: ["services/24E6-581D-38E5"] };
    const { status, message } = await callRest(
      emulator,
      "POST",
      PATH,
      aBudget({ budgetFilter }),
    );
    expect(status).toBe(400);
    expect(message).toContain(
      "does not cover the field budget.budget_filter.services",
    );
  });

  it("where somebody has changed it since it was read", async () => {
    const { body } = await callRest(emulator, "POST", PATH, aBudget());
    const { name, etag } = body as { name: string; etag: string };
    const patch = (change: object) =>
      callRest(emulator, "PATCH", `/v1/${name}?updateMask=displayName`, change);
    expect((await patch({ displayName: "two", etag })).status).toBe(200);
    expect(await patch({ displayName: "three", etag })).toMatchObject({
      status: 409,
      code: "ABORTED",
    });
  });
});

it("is the account's or, of a single project, also the project's: who may read, write or neither", async () => {
  const { cloud } = emulator;
  accountPolicyOf(cloud).bindings = [];
  const viewer: Member = "user:viewer@example.com";
  const { policy } = cloud.project("demo-litellm");
  policy.bindings.push({ role: "roles/viewer", members: [viewer] });
  const made = await callRest(emulator, "POST", PATH, aBudget());
  const { name } = made.body as { name: string };
  const statuses = async (member: Member) => {
    const call = async (method: string, path: string, body?: object) =>
      (await callRest(emulator, method, path, body, { caller: member })).status;
    return {
      list: await call("GET", `${PATH}?scope=projects/demo-litellm`),
      listAll: await call("GET", PATH),
      get: await call("GET", `/v1/${name}`),
      patch: await call("PATCH", `/v1/${name}`, { displayName: "x" }),
      createForAll: await call("POST", PATH, aBudget({ budgetFilter: {} })),
      remove: await call("DELETE", `/v1/${name}`),
    };
  };
  const nothing = {
    list: 403,
    listAll: 403,
    get: 403,
    patch: 403,
    createForAll: 403,
    remove: 403,
  };
  expect(await statuses("user:nobody@example.com")).toEqual(nothing);
  expect(await statuses(viewer)).toEqual({ ...nothing, list: 200, get: 200 });
  const budget = budgetsOf(cloud).get(name);
  if (budget === undefined) throw new Error("no budget");
  budget.ownershipScope = "BILLING_ACCOUNT";
  const owner: Member = "user:developer@example.com";
  expect(await statuses(owner)).toEqual({ ...nothing, list: 200, get: 200 });
  budget.ownershipScope = "ALL_USERS";
  expect(await statuses(owner)).toMatchObject({ patch: 200, remove: 200 });
  // What is gone already is deleted.
  const again = await callRest(emulator, "DELETE", `/v1/${name}`);
  expect(again.status).toBe(200);
});

itConforms(() => emulator.exchanges);
