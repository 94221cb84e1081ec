import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { itConforms } from "../../../support/discovery.ts";
import {
  startTestEmulator,
  type TestEmulator,
} from "../../../support/emulator.ts";

let emulator: TestEmulator;
let channel = "";
beforeAll(async () => {
  emulator = await startTestEmulator();
});
afterAll(() => emulator.close());

function monitoring(args: readonly string[], input?: string) {
  return emulator.gcloud([...args, "--project=demo-litellm"], {
    ...(input !== undefined && { input }),
  });
}

/** A policy's file, about one metric. */
function policy(filter: string, more: object = {}): string {
  const aggregations = [
    { alignmentPeriod: "300s", perSeriesAligner: "ALIGN_SUM" },
  ];
  const conditionThreshold = {
    filter,
    aggregations,
    comparison: "COMPARISON_GT",
    thresholdValue: 0.5,
    duration: "0s",
  };
  const conditions = [{ displayName: "much", conditionThreshold }];
  return JSON.stringify({ combiner: "OR", conditions, ...more });
}

const CREATE = ["alpha", "monitoring", "policies", "create"];
const FROM_STDIN = "--policy-from-file=-";
const ERRORS =
  'metric.type = "run.googleapis.com/request_count" AND resource.type = "cloud_run_revision"';

async function readJson(args: readonly string[]): Promise<unknown> {
  const { stdout, stderr } = await monitoring([...args, "--format=json"]);
  expect(stderr).not.toContain("ERROR");
  return JSON.parse(stdout);
}

describe("Cloud Monitoring", () => {
  it("keeps a channel, and a policy that notifies it", async () => {
    const made = await monitoring([
      ...["beta", "monitoring", "channels", "create", "--type=email"],
      "--display-name=mail",
      "--channel-labels=email_address=ann@example.com",
      "--user-labels=team=a",
      "--format=value(name)",
    ]);
    expect(made.exitCode, made.stderr).toBe(0);
    channel = made.stdout.trim();
    const { exitCode, stderr } = await monitoring(
      [...CREATE, FROM_STDIN, `--notification-channels=${channel}`],
      policy(ERRORS, { displayName: "errors" }),
    );
    expect(exitCode, stderr).toBe(0);
    expect(await readJson(["alpha", "monitoring", "policies", "list"])).toEqual(
      [
        expect.objectContaining({
          displayName: "errors",
          enabled: true,
          notificationChannels: [channel],
        }),
      ],
    );
  });

  it("changes what the mask of a patch names, and the rest not", async () => {
    const { exitCode, stderr } = await monitoring([
      ...["beta", "monitoring", "channels", "update", channel],
      "--update-channel-labels=email_address=bob@example.com",
    ]);
    expect(exitCode, stderr).toBe(0);
    expect(
      await readJson(["beta", "monitoring", "channels", "describe", channel]),
    ).toMatchObject({
      labels: { email_address: "bob@example.com" },
      userLabels: { team: "a" },
    });
  });

  it("keeps an uptime check, whose host stays", async () => {
    const made = await monitoring([
      ...["monitoring", "uptime", "create", "alive"],
      "--resource-type=uptime-url",
      "--resource-labels=host=a.example,project_id=demo-litellm",
      ...["--protocol=https", "--path=/alive", "--period=15", "--timeout=60"],
      "--format=value(name)",
    ]);
    expect(made.exitCode, made.stderr).toBe(0);
    const check = made.stdout.trim();
    await monitoring(["monitoring", "uptime", "update", check, "--period=5"]);
    expect(
      await readJson(["monitoring", "uptime", "describe", check]),
    ).toMatchObject({
      period: "300s",
      httpCheck: { path: "/alive", port: 443, useSsl: true },
      monitoredResource: { labels: { host: "a.example" } },
    });
  });

  it.each([
    [
      'metric.type = "run.googleapis.com/requests" AND resource.type = "cloud_run_revision"',
      "Cannot find metric(s) that match type",
    ],
    [`${ERRORS} AND metric.labels.status = "5xx"`, "a valid combination"],
    [`${ERRORS} OR x`, "does not understand the filter term"],
  ])("refuses a condition on %s", async (filter, words) => {
    const { stderr } = await monitoring(
      [...CREATE, FROM_STDIN],
      policy(filter),
    );
    expect(stderr).toContain(words);
  });

  it("lets a channel go that a policy names only by force", async () => {
    const remove = [
      ...["beta", "monitoring", "channels", "delete", channel, "--quiet"],
    ];
    expect((await monitoring(remove)).stderr).toContain("is referenced");
    expect((await monitoring([...remove, "--force"])).exitCode).toBe(0);
    const [left] = (await readJson([
      ...["alpha", "monitoring", "policies", "list"],
    ])) as object[];
    expect(left).toMatchObject({ displayName: "errors" });
    expect(left).not.toHaveProperty("notificationChannels");
  });

  it("is for who may see to it", async () => {
    const guest = "user:guest@example.com";
    emulator.cloud.project("demo-litellm").policy.bindings.push({
      role: "roles/serviceusage.serviceUsageConsumer",
      members: [guest],
    });
    const env = emulator.envFor(guest);
    const { stderr } = await emulator.gcloud(
      ["alpha", "monitoring", "policies", "list", "--project=demo-litellm"],
      { env },
    );
    expect(stderr).toContain("Permission monitoring.alertPolicies.list denied");
  });
});

itConforms(() => emulator.exchanges);
