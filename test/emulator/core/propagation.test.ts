import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import {
  startTestEmulator,
  type TestEmulator,
} from "../../support/emulator.ts";
import { callRest } from "../../support/rest.ts";

const PROJECT = "/v1/projects/demo-litellm";
const ACCOUNT = "runner@demo-litellm.iam.gserviceaccount.com";
const MEMBER = `serviceAccount:${ACCOUNT}` as const;
const HOUR = 3_600_000;

let emulator: TestEmulator;
/** Milliseconds until something new is seen. */
let delay = 0;

beforeAll(async () => {
  emulator = await startTestEmulator({ propagation: () => delay });
});

afterAll(() => emulator.close());

beforeEach(() => {
  delay = HOUR;
});

const gcloud = (...args: string[]) => emulator.gcloud(args);

const bind = (member: string) =>
  gcloud(
    ...["projects", "add-iam-policy-binding", "demo-litellm"],
    ...[`--member=${member}`, "--role=roles/viewer"],
  );

it("an API that was just enabled answers once that is seen", async () => {
  const list = () => gcloud("iam", "service-accounts", "list");
  expect(
    (await gcloud("services", "enable", "iam.googleapis.com")).exitCode,
  ).toBe(0);
  expect((await list()).stderr).toContain("has not been used in project");
  delay = 0;
  expect((await list()).exitCode).toBe(0);
});

it("an account that was just made is unknown until it is seen, and taken", async () => {
  const path = `${PROJECT}/serviceAccounts`;
  const create = () =>
    callRest(emulator, "POST", path, { accountId: "runner" });
  const read = () => callRest(emulator, "GET", `${path}/${ACCOUNT}`);
  emulator.cloud.project("demo-litellm").enabledApis.add("iam.googleapis.com");
  delay = 0;
  expect((await create()).status).toBe(200);
  expect((await create()).code).toBe("ALREADY_EXISTS");
  delay = HOUR;
  expect((await read()).status).not.toBe(200);
  expect((await bind(MEMBER)).stderr).toContain(
    `Service account ${ACCOUNT} does not exist.`,
  );
  delay = 0;
  expect((await bind(MEMBER)).exitCode).toBe(0);
  expect((await read()).body).toMatchObject({ email: ACCOUNT });
});

it("a grant, and its removal, hold once they are seen", async () => {
  const ask = async () =>
    (
      await callRest(emulator, "GET", PROJECT, undefined, {
        caller: "user:new@example.com",
      })
    ).status;
  const set = (delayed: number, members: string[]) => {
    delay = delayed;
    const bindings = [
      { role: "roles/owner", members: ["user:developer@example.com"] },
      { role: "roles/viewer", members },
    ];
    return callRest(emulator, "POST", `${PROJECT}:setIamPolicy`, {
      policy: { bindings },
    });
  };
  await set(HOUR, ["user:new@example.com"]);
  expect(await ask()).toBe(403);
  await set(0, ["user:new@example.com"]);
  expect(await ask()).toBe(200);
  await set(HOUR, []);
  expect(await ask()).toBe(200);
  await set(0, []);
  expect(await ask()).toBe(403);
});

it("a service agent is there once it is asked for, before the API that was just enabled is seen", async () => {
  const { projectNumber } = emulator.cloud.project("demo-litellm");
  const agent = `serviceAccount:service-${projectNumber}@serverless-robot-prod.iam.gserviceaccount.com`;
  const missing = "does not exist";
  await gcloud("services", "enable", "run.googleapis.com");
  delay = HOUR;
  expect((await bind(agent)).stderr).toContain(missing);
  await gcloud(
    ...["beta", "services", "identity", "create"],
    "--service=run.googleapis.com",
  );
  expect((await bind(agent)).exitCode).toBe(0);
});
