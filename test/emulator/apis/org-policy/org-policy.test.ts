import { afterAll, beforeAll, expect, it } from "vitest";
import { orgPolicyOf } from "../../../../emulator/apis/org-policy/state.ts";
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

const describePolicy = (constraint: string) =>
  emulator.gcloud([
    ...["org-policies", "describe", constraint, "--effective"],
    ...["--project=demo-litellm", "--format=json"],
  ]);

it("answers nobody while its API is off", async () => {
  const { stderr } = await describePolicy("run.allowedIngress");
  expect(stderr).toContain("orgpolicy.googleapis.com");
});

it("tells gcloud what holds where nobody set a policy", async () => {
  await emulator.gcloud(["services", "enable", "orgpolicy.googleapis.com"]);
  const { stdout } = await describePolicy("run.allowedIngress");
  expect(JSON.parse(stdout)).toMatchObject({
    spec: { rules: [{ allowAll: true }] },
  });
});

it("tells what was set, and where the project lies", async () => {
  const state = orgPolicyOf(emulator.cloud.project("demo-litellm"));
  state.organization = "123456789012";
  state.rules.set("run.managed.requireInvokerIam", [{ enforce: true }]);
  const { stdout } = await describePolicy("run.managed.requireInvokerIam");
  expect(JSON.parse(stdout)).toMatchObject({
    spec: { rules: [{ enforce: true }] },
  });
  const project = await callRest(emulator, "GET", "/v1/projects/demo-litellm");
  expect(project.body).toMatchObject({
    parent: { type: "organization", id: "123456789012" },
  });
});

it("refuses whoever may not read policies, and constraints that it does not cover", async () => {
  const path = (name: string) =>
    `/v2/projects/demo-litellm/policies/${name}:getEffectivePolicy`;
  const stranger = await callRest(
    emulator,
    "GET",
    path("run.allowedIngress"),
    undefined,
    { caller: "user:stranger@example.com" },
  );
  expect(stranger.status).toBe(403);
  const other = await callRest(emulator, "GET", path("compute.vmExternalIp"));
  expect(other.status).toBe(404);
});

itConforms(() => emulator.exchanges);
