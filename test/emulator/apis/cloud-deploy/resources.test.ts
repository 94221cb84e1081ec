import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestEmulator } from "../../../support/emulator.ts";
import {
  EXECUTION,
  startPipelineEmulator,
  withDirectory,
} from "../../../support/release-source.ts";
import { itConforms } from "../../../support/discovery.ts";
import { callRest } from "../../../support/rest.ts";
import { deliveryOf } from "../../../../emulator/apis/cloud-deploy/state.ts";

const PLACE = "/v1/projects/demo-litellm/locations/us-central1";
const PIPELINE = `${PLACE}/deliveryPipelines/litellm`;
const REGION = "--region=us-central1";

const DELIVERY = `
apiVersion: deploy.cloud.google.com/v1
kind: DeliveryPipeline
metadata: {name: litellm, labels: {litellm-cloudrun: "true"}}
description: LiteLLM on Cloud Run
serialPipeline:
  stages:
  - {targetId: dev, profiles: [dev], strategy: {standard: {verify: true}}}
  - targetId: prod-us
    strategy:
      canary:
        runtimeConfig: {cloudRun: {automaticTrafficControl: true, canaryRevisionTags: [canary]}}
        canaryDeployment: {percentages: [0, 10, 50], verify: true}
---
apiVersion: deploy.cloud.google.com/v1
kind: Target
metadata: {name: dev, labels: {strategy: standard}}
run: {location: projects/demo-litellm/locations/us-central1}
deployParameters: {service: litellm-proxy}
executionConfigs:
- {usages: [RENDER, DEPLOY, VERIFY], serviceAccount: ${EXECUTION}, executionTimeout: 3600s}
---
apiVersion: deploy.cloud.google.com/v1
kind: Automation
metadata: {name: litellm/promote}
serviceAccount: ${EXECUTION}
selector: {targets: [{labels: {strategy: standard}}]}
rules:
- promoteReleaseRule: {name: promote, wait: 10m, destinationTargetId: "@next"}
- repairRolloutRule: {name: repair, repairPhases: [{retry: {attempts: 1, wait: 1m}}, {rollback: {}}]}
`;

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startPipelineEmulator();
});
afterAll(() => emulator.close());

/** `gcloud deploy apply` or `delete` with that file. */
function withFile(command: string, text: string, ...flags: string[]) {
  return withDirectory({ "deploy.yaml": text }, (directory) =>
    emulator.gcloud([
      "deploy",
      command,
      `--file=${directory}/deploy.yaml`,
      REGION,
      ...flags,
    ]),
  );
}

const apply = (text: string) => withFile("apply", text);

async function describeJson(...args: string[]): Promise<unknown> {
  const { stdout } = await emulator.gcloud([
    "deploy",
    ...args,
    REGION,
    "--format=json",
  ]);
  return JSON.parse(stdout);
}

function call(method: string, path: string, body?: unknown) {
  return callRest(emulator, method, path, body);
}

async function get(path: string): Promise<Record<string, unknown>> {
  const { body } = await call("GET", path);
  return body as Record<string, unknown>;
}

describe("gcloud deploy apply", () => {
  it("makes a pipeline, a target and an automation", async () => {
    const applied = await apply(DELIVERY);
    expect(applied).toMatchObject({ exitCode: 0 });
    expect(applied.stderr.match(/Created Cloud Deploy resource/g)).toHaveLength(
      3,
    );
    expect(await get(`${PLACE}/targets/dev`)).toMatchObject({
      targetId: "dev",
      labels: { strategy: "standard" },
      deployParameters: { service: "litellm-proxy" },
    });
    expect(await get(`${PIPELINE}/automations/promote`)).toMatchObject({
      serviceAccount: EXECUTION,
      rules: [
        { promoteReleaseRule: { id: "promote", wait: "600s" } },
        {
          repairRolloutRule: {
            repairPhases: [
              { retry: { attempts: "1", wait: "60s" } },
              { rollback: {} },
            ],
          },
        },
      ],
    });
  });

  it("leaves a pipeline unready whose target is not there", async () => {
    const missing = [
      "projects/100000000001/locations/us-central1/targets/prod-us",
    ];
    expect(await get(PIPELINE)).toMatchObject({
      condition: {
        pipelineReadyCondition: { status: false },
        targetsPresentCondition: { status: false, missingTargets: missing },
      },
    });
    await call("POST", `${PLACE}/targets?targetId=prod-us`, {
      run: { location: "projects/demo-litellm/locations/us-east1" },
      requireApproval: true,
    });
    expect(await get(PIPELINE)).toMatchObject({
      condition: { targetsPresentCondition: { status: true } },
    });
  });

  it("keeps uid and etag where nothing changed, and drops what is no longer said", async () => {
    const before = await get(PIPELINE);
    await apply(DELIVERY);
    const same = await get(PIPELINE);
    expect(same.etag).toBe(before.etag);
    await apply(DELIVERY.replace("description: LiteLLM on Cloud Run", ""));
    const { uid, etag, description } = await get(PIPELINE);
    expect({ uid, description }).toEqual({ uid: before.uid });
    expect(etag).not.toBe(before.etag);
  });

  it("says what Google refuses", async () => {
    const { exitCode, stderr } = await apply(
      DELIVERY.replace("[0, 10, 50]", "[10, 5]"),
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      "percentages must be between 0 and 99 and in ascending order",
    );
  });
});

describe("gcloud deploy", () => {
  it("describes a pipeline and its targets", async () => {
    const pipeline = describeJson("delivery-pipelines", "describe", "litellm");
    const target = describeJson("targets", "describe", "dev");
    expect(await pipeline).toMatchObject({
      Targets: [
        { Target: "projects/demo-litellm/locations/us-central1/targets/dev" },
        expect.anything(),
      ],
    });
    expect(await target).toMatchObject({
      Target: { targetId: "dev" },
      "Number of associated delivery pipelines": 1,
    });
  });

  it("lists them, and automations", async () => {
    const pipelines = describeJson("delivery-pipelines", "list");
    const automations = describeJson(
      "automations",
      "list",
      "--delivery-pipeline=litellm",
    );
    expect(await pipelines).toMatchObject([{ serialPipeline: {} }]);
    expect(await automations).toMatchObject([{ serviceAccount: EXECUTION }]);
  });
});

describe("a write", () => {
  const target = { run: { location: "projects/p/locations/us-east1" } };
  const config = (...usages: string[]) => ({ usages });
  const stages = (...list: object[]) => ({ serialPipeline: { stages: list } });

  it.each([
    ["targets", {}, "run.location is required"],
    [
      "targets",
      { ...target, deployParameters: { CLOUD_DEPLOY_X: "" } },
      "the prefix CLOUD_DEPLOY_ is reserved",
    ],
    [
      "targets",
      { ...target, deployParameters: { a: "x".repeat(513) } },
      "the value has 513 characters, the maximum is 512",
    ],
    [
      "targets",
      {
        ...target,
        deployParameters: Object.fromEntries(
          [...Array(51).keys()].map((n) => [`k${n}`, ""]),
        ),
      },
      "has 51 entries, the maximum is 50",
    ],
    [
      "targets",
      { ...target, executionConfigs: [config("RENDER")] },
      "must include the usages RENDER and DEPLOY",
    ],
    [
      "targets",
      {
        ...target,
        executionConfigs: [config("RENDER", "DEPLOY"), config("DEPLOY")],
      },
      "has the usage DEPLOY more than once",
    ],
    [
      "targets",
      { ...target, gke: { cluster: "c" } },
      "does not cover the field target.gke",
    ],
    ["targets", { ...target, labels: { Bad: "" } }, 'invalid label key "Bad"'],
    [
      "deliveryPipelines",
      stages({ targetId: "a" }, { targetId: "a" }),
      'has target "a" twice',
    ],
    [
      "deliveryPipelines",
      stages({}),
      "serial_pipeline.stages[0].target_id is required",
    ],
    [
      "deliveryPipelines",
      stages({
        targetId: "a",
        strategy: { canary: { canaryDeployment: { percentages: [1] } } },
      }),
      "automatic_traffic_control must be true",
    ],
    [
      "deliveryPipelines/litellm/automations",
      { serviceAccount: "nobody@p.iam.gserviceaccount.com" },
      "Permission 'iam.serviceaccounts.actAs' denied on service account nobody@",
    ],
    [
      "deliveryPipelines/litellm/automations",
      { serviceAccount: EXECUTION, selector: { targets: [{ id: "*" }] } },
      "rules is required",
    ],
    [
      "deliveryPipelines/none/automations",
      {},
      "deliveryPipelines/none' was not found",
    ],
  ])("to %s is refused: %j", async (collection, body, message) => {
    const { status, message: said } = await call(
      "PATCH",
      `${PLACE}/${collection}/new?allowMissing=true&updateMask=*`,
      body,
    );
    expect(status).toBeGreaterThanOrEqual(400);
    expect(said).toContain(message);
  });

  it("needs a name of Google's form, a region and a project that exist", async () => {
    const bad = await call("POST", `${PLACE}/targets?targetId=Bad`, target);
    expect(bad.message).toContain('target_id "Bad" must match');
    const elsewhere = `${PLACE.replace("us-central1", "moon")}/targets`;
    expect((await call("GET", elsewhere)).code).toBe("PERMISSION_DENIED");
    const other = `${PLACE.replace("demo-litellm", "nobodys")}/targets`;
    expect((await call("GET", other)).code).toBe("PERMISSION_DENIED");
  });

  it("takes the project's number for its id", async () => {
    const byNumber = PLACE.replace("demo-litellm", "100000000001");
    expect(await get(`${byNumber}/targets/dev`)).toMatchObject({
      name: "projects/demo-litellm/locations/us-central1/targets/dev",
    });
  });

  it("that only validates changes nothing", async () => {
    const path = `${PLACE}/targets/new?allowMissing=true&updateMask=*&validateOnly=true`;
    expect((await call("PATCH", path, target)).status).toBe(200);
    expect((await call("GET", `${PLACE}/targets/new`)).code).toBe("NOT_FOUND");
  });

  it("of one field leaves the others, and needs the etag that it names", async () => {
    const path = `${PLACE}/targets/dev?updateMask=requireApproval`;
    const stale = await call("PATCH", path, {
      etag: "0",
      requireApproval: true,
    });
    expect(stale.code).toBe("ABORTED");
    const { etag } = await get(`${PLACE}/targets/dev`);
    await call("PATCH", path, { etag, requireApproval: true });
    expect(await get(`${PLACE}/targets/dev`)).toMatchObject({
      requireApproval: true,
      deployParameters: { service: "litellm-proxy" },
    });
  });

  it("makes nothing twice, and changes nothing that is not there", async () => {
    const again = await call("POST", `${PLACE}/targets?targetId=dev`, target);
    expect(again.code).toBe("ALREADY_EXISTS");
    const absent = await call(
      "PATCH",
      `${PLACE}/targets/none?updateMask=*`,
      target,
    );
    expect(absent.code).toBe("NOT_FOUND");
  });
});

describe("a deletion", () => {
  it("needs force where a pipeline still has automations", async () => {
    const refused = await call("DELETE", PIPELINE);
    expect(refused.code).toBe("FAILED_PRECONDITION");
    expect(refused.message).toContain("has nested resources");
  });

  it("of something absent is an error, unless that is allowed", async () => {
    const path = `${PLACE}/targets/none`;
    expect((await call("DELETE", path)).code).toBe("NOT_FOUND");
    expect((await call("DELETE", `${path}?allowMissing=true`)).status).toBe(
      200,
    );
  });

  it("of everything is one gcloud command", async () => {
    const { exitCode, stderr } = await withFile("delete", DELIVERY, "--force");
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const { pipelines, targets, automations } = deliveryOf(emulator.cloud);
    expect([pipelines.size, automations.size]).toEqual([0, 0]);
    expect([...targets.values()].map(({ targetId }) => targetId)).toEqual([
      "prod-us",
    ]);
  });
});

itConforms(() => emulator.exchanges);
