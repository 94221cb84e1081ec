import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runOf } from "../../../../emulator/apis/run/state.ts";
import { itConforms } from "../../../support/discovery.ts";
import {
  startTestEmulator,
  type TestEmulator,
} from "../../../support/emulator.ts";
import { callRest } from "../../../support/rest.ts";

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator();
});
afterAll(() => emulator.close());

const SERVICES = "/v1/projects/demo-litellm/services";

async function enabled(): Promise<string[]> {
  const { stdout } = await emulator.gcloud([
    "services",
    "list",
    "--format=value(config.name)",
  ]);
  return stdout.trim().split("\n");
}

describe("the APIs of a project", () => {
  it("are Google's default set at first, and refused until they are enabled", async () => {
    expect(await enabled()).toContain("logging.googleapis.com");
    const { stderr, exitCode } = await emulator.gcloud(["secrets", "list"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      "Secret Manager API has not been used in project demo-litellm before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/secretmanager.googleapis.com/overview?project=demo-litellm then retry.",
    );
    expect(stderr).toContain("reason: SERVICE_DISABLED");
  });

  it("are enabled one by one or together by gcloud, again and again", async () => {
    const one = ["services", "enable", "aiplatform.googleapis.com"];
    const two = ["run.googleapis.com", "iam.googleapis.com"];
    const answers = await Promise.all([
      emulator.gcloud(one),
      emulator.gcloud(["services", "enable", ...two]),
    ]);
    expect(answers.map((a) => a.exitCode)).toEqual([0, 0]);
    expect(await enabled()).toEqual(
      expect.arrayContaining([...two, "aiplatform.googleapis.com"]),
    );
    const again = await callRest(
      emulator,
      "POST",
      `${SERVICES}/run.googleapis.com:enable`,
    );
    expect(again.body).toMatchObject({
      name: "operations/noop.DONE_OPERATION",
    });
  });

  it("bring the Compute Engine default service account with Cloud Run", async () => {
    await callRest(emulator, "POST", `${SERVICES}/run.googleapis.com:enable`);
    const [project] = emulator.cloud.projects.values();
    expect([...(project?.serviceAccounts.keys() ?? [])]).toEqual([
      `${project?.projectNumber ?? ""}-compute@developer.gserviceaccount.com`,
    ]);
  });

  it("are read in one request", async () => {
    const names = ["run", "secretmanager"].map(
      (name) => `names=projects/demo-litellm/services/${name}.googleapis.com`,
    );
    const { body } = await callRest(
      emulator,
      "GET",
      `${SERVICES}:batchGet?${names.join("&")}`,
    );
    expect(body).toMatchObject({
      services: [
        { state: "ENABLED", config: { title: "Cloud Run Admin API" } },
        { state: "DISABLED", config: { name: "secretmanager.googleapis.com" } },
      ],
    });
  });

  it("have quotas, a region's own beside those of all", async () => {
    const project = emulator.cloud.project("demo-litellm");
    const own = { cpu: 56, memory: 112 * 2 ** 30 };
    runOf(project).quotas.set("us-central1", own);
    const { body } = await callRest(
      emulator,
      "GET",
      `/v1beta1/projects/demo-litellm/services/run.googleapis.com/consumerQuotaMetrics?view=FULL`,
    );
    expect(body).toMatchObject({
      metrics: [
        {
          metric: "run.googleapis.com/cpu_allocation",
          consumerQuotaLimits: [
            {
              quotaBuckets: [
                { effectiveLimit: "20000" },
                {
                  effectiveLimit: "56000",
                  dimensions: { region: "us-central1" },
                },
              ],
            },
          ],
        },
        { metric: "run.googleapis.com/mem_allocation" },
      ],
    });
  });

  it("are disabled by gcloud, once", async () => {
    const args = ["services", "disable", "aiplatform.googleapis.com"];
    await emulator.gcloud(["services", "enable", "aiplatform.googleapis.com"]);
    const first = await emulator.gcloud(args);
    expect(first.exitCode).toBe(0);
    const second = await emulator.gcloud([...args, "--force"]);
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toContain("is not enabled");
  });

  it("that Google does not know cannot be enabled, and nothing else with them", async () => {
    const { status, message } = await callRest(
      emulator,
      "POST",
      `${SERVICES}:batchEnable`,
      { serviceIds: ["clouddeploy.googleapis.com", "nix.googleapis.com"] },
    );
    expect(status).toBe(403);
    expect(message).toBe(
      "Not found or permission denied for service(s): nix.googleapis.com.",
    );
    const { body } = await callRest(
      emulator,
      "GET",
      `${SERVICES}/clouddeploy.googleapis.com`,
    );
    expect(body).toMatchObject({ state: "DISABLED" });
  });
});

describe("a project without a billing account", () => {
  it("cannot enable a paid API until it has one", async () => {
    await emulator.gcloud(["projects", "create", "unpaid-project"]);
    const enable = ["services", "enable", "secretmanager.googleapis.com"];
    const refused = await emulator.gcloud([
      ...enable,
      "--project=unpaid-project",
    ]);
    expect(refused.stderr).toMatch(
      /FAILED_PRECONDITION: Billing account for project '\d+' is not found\. Billing must be enabled for activation of service\(s\) 'secretmanager\.googleapis\.com' to proceed\./,
    );
    await emulator.gcloud([
      "billing",
      "projects",
      "link",
      "unpaid-project",
      "--billing-account=000000-000000-000001",
    ]);
    const { exitCode } = await emulator.gcloud([
      ...enable,
      "--project=unpaid-project",
    ]);
    expect(exitCode).toBe(0);
  });

  it("cannot use an API that was enabled before", async () => {
    const secrets = "/v1/projects/unpaid-project/secrets";
    expect((await callRest(emulator, "GET", secrets)).status).toBe(200);
    await callRest(emulator, "PUT", "/v1/projects/unpaid-project/billingInfo", {
      billingAccountName: "",
    });
    const { status, message } = await callRest(emulator, "GET", secrets);
    expect(status).toBe(403);
    expect(message).toMatch(
      /^This API method requires billing to be enabled\./,
    );
  });
});

itConforms(() => emulator.exchanges);
