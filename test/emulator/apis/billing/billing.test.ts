import { afterAll, beforeAll, expect, it } from "vitest";
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

const INFO = "/v1/projects/demo-litellm/billingInfo";

it("says that the first project is paid for, by the account that gcloud lists", async () => {
  const [accounts, project] = await Promise.all([
    emulator.gcloud(["billing", "accounts", "list", "--format=value(name)"]),
    emulator.gcloud([
      "billing",
      "projects",
      "describe",
      "demo-litellm",
      "--format=json",
    ]),
  ]);
  const name = "billingAccounts/000000-000000-000001";
  expect(accounts.stdout.trim()).toBe(name.split("/")[1]);
  expect(JSON.parse(project.stdout)).toEqual({
    name: "projects/demo-litellm/billingInfo",
    projectId: "demo-litellm",
    billingAccountName: name,
    billingEnabled: true,
  });
});

it("refuses an account that is not there", async () => {
  const { status, code } = await callRest(emulator, "PUT", INFO, {
    billingAccountName: "billingAccounts/FFFFFF-FFFFFF-FFFFFF",
  });
  expect({ status, code }).toEqual({ status: 403, code: "PERMISSION_DENIED" });
});

it("takes the account away", async () => {
  await callRest(emulator, "PUT", INFO, { billingAccountName: "" });
  const { body } = await callRest(emulator, "GET", INFO);
  expect(body).toEqual({
    name: "projects/demo-litellm/billingInfo",
    projectId: "demo-litellm",
  });
});

itConforms(() => emulator.exchanges);
