import { afterAll, beforeAll, expect, test } from "vitest";
import type { Member } from "../../emulator/core/cloud.ts";
import { budgetsOf } from "../../emulator/apis/billing-budgets/api.ts";
import { monitoringOf } from "../../emulator/apis/monitoring/state.ts";
import { itConforms } from "../support/discovery.ts";
import type { TestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { isWrite } from "../support/inventory.ts";
import { startThreeStages } from "../support/three-stages.ts";
import type { Workspace } from "../support/workspace.ts";

const TO_ANN = "--alerts=ann@example.com";

/** What docs/alerts.md says that it takes. */
const ROLES = [
  "monitoring.alertPolicyEditor",
  "monitoring.notificationChannelEditor",
  "monitoring.uptimeCheckConfigEditor",
  "run.viewer",
  "serviceusage.serviceUsageConsumer",
];
/** What takes a service away, and sees alerts. */
const CLEANING = [
  "roles/browser",
  "roles/iam.serviceAccountAdmin",
  "roles/monitoring.viewer",
  "roles/resourcemanager.projectIamAdmin",
  "roles/run.admin",
  "roles/secretmanager.admin",
  "roles/serviceusage.serviceUsageConsumer",
];
const WATCHER: Member = "user:wat@example.com";

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  ({ emulator, workspace } = await startThreeStages());
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

async function run(script: string, ...args: string[]): Promise<string> {
  const finished = await workspace.script(script, args);
  expectDone(finished);
  return finished.stdout + finished.stderr;
}

/** Of one project, by what is displayed. */
function look(projectId: string) {
  const { channels, policies, checks } = monitoringOf(
    emulator.cloud.project(projectId),
  );
  return {
    to: [...channels.values()].map(({ labels }) => labels?.email_address),
    alerts: [...policies.values()].map(({ displayName }) => displayName),
    checked: [...checks.values()].map(
      ({ period, httpCheck }) => `${httpCheck?.path} ${period}`,
    ),
  };
}

async function countWrites(work: () => Promise<unknown>): Promise<number> {
  const before = emulator.exchanges.length;
  await work();
  return emulator.exchanges.slice(before).filter(isWrite).length;
}

test.each([
  [["--alerts=not-an-email"], "--alerts=not-an-email: expected one e-mail"],
  [["dev", "--alerts=a@b.example,c@d.example"], "the address of a group"],
  [["dev"], "nothing says which"],
  [["dev", TO_ANN, "--github=a/b"], "--github makes triggers of the pipeline"],
  [["dev", TO_ANN, "--remove"], "give one of them"],
  [["--budget=100"], "--budget needs --alerts=EMAIL"],
  [["dev", TO_ANN, "--budget=99.50"], "expected a whole amount a month"],
])("setup %j is refused before anything is read", async (args, words) => {
  const writes = await countWrites(async () => {
    const { exitCode, stderr } = await workspace.script("setup.ts", args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(words);
  });
  expect(writes).toBe(0);
});

test("an env that is not deployed has alerts, and no uptime check yet", async () => {
  const output = await run("setup.ts", "dev", TO_ANN);
  expect(output).toContain("No uptime check of dev: it is not deployed yet.");
  expect(look("demo-litellm")).toEqual({
    to: ["ann@example.com"],
    alerts: [
      "litellm-cloudrun dev: server errors",
      "litellm-cloudrun dev: too many requests",
      "litellm-cloudrun dev: memory",
    ],
    checked: [],
  });
});

test("once it is deployed, the check comes by who has the roles of docs/alerts.md", async () => {
  await run("deploy.ts", "dev", "--yes");
  for (const role of ROLES) {
    emulator.cloud
      .project("demo-litellm")
      .policy.bindings.push({ role: `roles/${role}`, members: [WATCHER] });
  }
  const env = emulator.envFor(WATCHER);
  const args = ["dev", TO_ANN];
  const finished = await workspace.script("setup.ts", args, { env });
  expectDone(finished);
  expect(look("demo-litellm")).toMatchObject({
    alerts: expect.arrayContaining([
      "litellm-cloudrun dev: not reachable",
    ]) as unknown,
    checked: ["/health/liveliness 900s"],
  });
  const writes = await countWrites(async () => {
    expect(await run("setup.ts", "dev", TO_ANN)).toContain("Nothing to do.");
  });
  expect(writes).toBe(0);
});

test("what somebody changed by hand is put back, and another's alerts are left", async () => {
  const { policies, checks } = monitoringOf(
    emulator.cloud.project("demo-litellm"),
  );
  const [errors, refusals] = [...policies.values()];
  const [check] = [...checks.values()];
  if (!errors || !refusals || !check) throw new Error("no alerts");
  policies.set(errors.name, { ...errors, enabled: false });
  policies.delete(refusals.name);
  checks.set(check.name, { ...check, timeout: "10s" });
  const foreign = { ...errors, name: "projects/demo-litellm/alertPolicies/7" };
  policies.set(foreign.name, {
    ...foreign,
    displayName: "theirs",
    userLabels: {},
  });
  const output = await run("setup.ts", "dev", TO_ANN);
  expect(output).toContain('Set alert "litellm-cloudrun dev: server errors"');
  expect(output).toContain('Create alert "litellm-cloudrun dev: too many');
  expect(output).toContain("Set uptime check of https://");
  expect(policies.get(errors.name)?.enabled).toBe(true);
  expect(checks.get(check.name)?.timeout).toBe("60s");
  expect(policies.get(foreign.name)?.enabled).toBe(true);
  const writes = await countWrites(() => run("setup.ts", "dev", TO_ANN));
  expect(writes).toBe(0);
});

test("another address takes the channel with it", async () => {
  const writes = await countWrites(() =>
    run("setup.ts", "dev", "--alerts=bob@example.com"),
  );
  expect(writes).toBe(1);
  expect(look("demo-litellm").to).toEqual(["bob@example.com"]);
});

test("with a pipeline all stages get theirs, by pasting too", async () => {
  const preview = await workspace.script("setup.ts", [TO_ANN, "--dry-run"]);
  const pasted = await workspace.paste(preview.stdout);
  expect(`${String(pasted.exitCode)} ${pasted.stderr}`).toMatch(/^0 /);
  expect(await run("setup.ts", TO_ANN)).toContain("Nothing to do.");
  expect(look("demo-prod").alerts).toHaveLength(6);
  expect(await run("setup.ts")).toContain(
    "stays: alerts of prod-eu to ann@example.com",
  );
});

/** Of all projects: whose, how much, told to whom. */
function lookAtBudgets() {
  return [...budgetsOf(emulator.cloud).values()].map(
    ({ displayName, amount, thresholdRules, notificationsRule }) => ({
      displayName,
      units: amount?.specifiedAmount?.units,
      shares: thresholdRules?.map(({ thresholdPercent }) => thresholdPercent),
      told: notificationsRule?.monitoringNotificationChannels?.length,
    }),
  );
}

const OF_DEV = {
  displayName: "litellm-cloudrun demo-litellm",
  units: 100,
  shares: [0.5, 0.9, 1],
  told: 1,
};
const OF_PROD = { ...OF_DEV, displayName: "litellm-cloudrun demo-prod" };

test("a budget comes with the alerts, one a project, by pasting too", async () => {
  const args = [TO_ANN, "--budget=100USD"];
  const preview = await workspace.script("setup.ts", [...args, "--dry-run"]);
  const pasted = await workspace.paste(preview.stdout);
  expect(`${String(pasted.exitCode)} ${pasted.stderr}`).toMatch(/^0 /);
  expect(lookAtBudgets()).toEqual([OF_DEV, OF_PROD]);
  const writes = await countWrites(async () => {
    expect(await run("setup.ts", ...args)).toContain("Nothing to do.");
  });
  expect(writes).toBe(0);
});

test("another amount changes it, what somebody changed is put back, and what somebody made is left", async () => {
  const budgets = budgetsOf(emulator.cloud);
  const [ofDev] = [...budgets.values()];
  if (ofDev === undefined) throw new Error("no budget");
  const theirs = `${ofDev.name}-theirs`;
  budgets.set(theirs, { ...ofDev, name: theirs, displayName: "theirs" });
  const args = ["dev", TO_ANN, "--budget=250"];
  expect(await run("setup.ts", ...args)).toContain(
    "Set budget of demo-litellm: 250 a month",
  );
  const changed = budgets.get(ofDev.name);
  if (changed === undefined) throw new Error("no budget");
  expect(changed.amount).toMatchObject({ specifiedAmount: { units: 250 } });
  budgets.set(changed.name, {
    ...changed,
    thresholdRules: [{ thresholdPercent: 3, spendBasis: "FORECASTED_SPEND" }],
    budgetFilter: {
      ...changed.budgetFilter,
      calendarPeriod: "YEAR",
      creditTypesTreatment: "EXCLUDE_ALL_CREDITS",
    },
    notificationsRule: { disableDefaultIamRecipients: true },
  });
  await run("setup.ts", ...args);
  expect(budgets.get(changed.name)).toEqual({
    ...changed,
    etag: expect.any(String) as unknown,
    notificationsRule: {
      ...changed.notificationsRule,
      disableDefaultIamRecipients: false,
    },
  });
  expect(budgets.get(theirs)?.amount).toEqual(ofDev.amount);
  const writes = await countWrites(() => run("setup.ts", ...args));
  expect(writes).toBe(0);
  budgets.delete(theirs);
});

test("who may not see budgets is told so, and gets the alerts", async () => {
  const env = emulator.envFor(WATCHER);
  const args = ["dev", TO_ANN, "--budget=300"];
  const finished = await workspace.script("setup.ts", args, { env });
  expectDone(finished);
  expect(finished.stdout + finished.stderr).toContain(
    "No budget of demo-litellm: this account may not see it",
  );
  expect(lookAtBudgets()).toMatchObject([{ units: 250 }, { units: 100 }]);
});

test("without a billing account a budget is refused before anything is made", async () => {
  const project = emulator.cloud.project("demo-litellm");
  project.billingEnabled = false;
  const writes = await countWrites(async () => {
    const args = ["dev", "--alerts=new@example.com", "--budget=100"];
    const { exitCode, stderr } = await workspace.script("setup.ts", args);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("demo-litellm has no billing account");
  });
  project.billingEnabled = true;
  expect(writes).toBe(0);
});

test("clean takes away those of its env, after its service: who may not is rid of what costs", async () => {
  const cleaner: Member = "user:cleaner@example.com";
  const project = emulator.cloud.project("demo-litellm");
  for (const role of CLEANING) {
    project.policy.bindings.push({ role, members: [cleaner] });
  }
  const env = emulator.envFor(cleaner);
  const stopped = await workspace.script("clean.ts", ["dev", "--yes"], { env });
  expect(stopped.exitCode).toBe(1);
  expect(stopped.stderr).toContain("Delete service litellm-proxy");
  expect(stopped.stderr).toContain("alertPolicies.delete");
  expect(look("demo-litellm").alerts).toHaveLength(5);
  const output = await run("clean.ts", "dev", "--yes");
  expect(output).not.toContain("Delete service");
  expect(output).toMatch(
    /Delete alert "litellm-cloudrun dev: memory"[^]*Delete uptime check/,
  );
  expect(output).toContain('Delete budget "litellm-cloudrun demo-litellm"');
  expect(output).toContain("stays: notification channel to ann@example.com");
  expect(look("demo-litellm")).toEqual({
    to: ["ann@example.com"],
    alerts: ["theirs"],
    checked: [],
  });
  expect(look("demo-prod").alerts).toHaveLength(6);
});

test("they are taken away of one env, and of all", async () => {
  expect(await run("setup.ts", "prod-us", "--remove", "--yes")).toContain(
    'stays: budget "litellm-cloudrun demo-prod" (100 USD a month): another service of the project has alerts',
  );
  expect(lookAtBudgets()).toEqual([OF_PROD]);
  const [left] = [...budgetsOf(emulator.cloud).values()];
  expect(left?.notificationsRule?.monitoringNotificationChannels).toEqual([
    ...monitoringOf(emulator.cloud.project("demo-prod")).channels.keys(),
  ]);
  expect(look("demo-prod").to).toHaveLength(1);
  expect(await run("setup.ts", "--remove", "--yes")).toContain(
    "stays: notification channel to ann@example.com: alerts that this project did not make",
  );
  expect(lookAtBudgets()).toEqual([]);
  const nothing = { to: [], alerts: [], checked: [] };
  expect(look("demo-prod")).toEqual(nothing);
  // Their alert goes to the same channel.
  expect(look("demo-litellm")).toEqual({
    ...nothing,
    to: ["ann@example.com"],
    alerts: ["theirs"],
  });
});

itConforms(() => emulator.exchanges);
