import { afterAll, beforeAll, expect, it, vi } from "vitest";
import {
  ACCOUNT,
  newService,
  REGION,
  SERVICES,
  startRunEmulator,
} from "../../../support/cloud-run.ts";
import { itConforms } from "../../../support/discovery.ts";
import type { TestEmulator } from "../../../support/emulator.ts";
import { callRest } from "../../../support/rest.ts";

const PARENT = `projects/demo-litellm/locations/${REGION}`;

let emulator: TestEmulator;

const read = async (path: string) =>
  callRest(emulator, "GET", `/v2/${PARENT}/${path}`);

beforeAll(async () => {
  emulator = await startRunEmulator();
  const service = newService("hello");
  service.metadata.labels = { team: "gateway" };
  service.metadata.annotations = {
    "run.googleapis.com/ingress": "all",
    "run.googleapis.com/maxScale": "3",
  };
  const { status, message } = await callRest(
    emulator,
    "POST",
    SERVICES,
    service,
  );
  expect(status, message).toBe(200);
  await vi.waitFor(
    async () => {
      const { body } = await read("services/hello");
      expect(body).toMatchObject({
        terminalCondition: { state: "CONDITION_SUCCEEDED" },
      });
    },
    { timeout: 60_000, interval: 100 },
  );
});

afterAll(() => emulator.close());

it("shows the service that v1 made", async () => {
  const { body } = await read("services/hello");
  expect(body).toMatchObject({
    name: `${PARENT}/services/hello`,
    labels: { team: "gateway" },
    ingress: "INGRESS_TRAFFIC_ALL",
    scaling: { maxInstanceCount: 3 },
    template: { serviceAccount: ACCOUNT },
    traffic: [{ type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent: 100 }],
    uri: emulator.serviceUrl(REGION, "hello"),
  });
  expect(body).not.toHaveProperty("annotations");
  expect((await read("services")).body).toEqual({ services: [body] });
});

it("shows its revisions, and its operation with what it made", async () => {
  const { body } = await read("services/hello/revisions");
  const [revision] = (body as { revisions: { name: string }[] }).revisions;
  expect(revision).toMatchObject({ service: "hello", generation: "1" });
  const name = revision?.name.slice(PARENT.length + 1) ?? "";
  expect((await read(name)).body).toEqual(revision);
  const { body: list } = await read("operations");
  const { operations } = list as { operations: { name: string }[] };
  expect(operations).toMatchObject([
    { done: true, response: { name: `${PARENT}/services/hello` } },
  ]);
  const id = operations[0]?.name.split("/").at(-1) ?? "";
  expect((await read(`operations/${id}`)).body).toEqual(operations[0]);
});

it("shows the policy that v1 set", async () => {
  const binding = { role: "roles/run.invoker", members: ["allUsers"] };
  const { status } = await callRest(
    emulator,
    "POST",
    `/v1/${PARENT}/services/hello:setIamPolicy`,
    { policy: { bindings: [binding] } },
  );
  expect(status).toBe(200);
  const { body } = await read("services/hello:getIamPolicy");
  expect(body).toMatchObject({ bindings: [binding] });
});

it("has no service that v1 has not", async () => {
  expect((await read("services/other")).status).toBe(404);
  expect((await read("services/hello/revisions/other")).status).toBe(404);
});

it.each([
  ["POST", "services?serviceId=other"],
  ["PATCH", "services/hello"],
  ["DELETE", "services/hello"],
])("does not cover %s %s, and says so", async (method, path) => {
  const url = `/v2/${PARENT}/${path}`;
  const { status, message } = await callRest(emulator, method, url, {});
  expect(status).toBe(501);
  expect(message).toContain(`does not cover ${method} /v2/${PARENT}/services`);
});

itConforms(() => emulator.exchanges);
