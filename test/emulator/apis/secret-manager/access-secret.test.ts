import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { Member } from "../../../../emulator/core/cloud.ts";
import { accessSecret } from "../../../../emulator/apis/secret-manager/access-secret.ts";
import {
  startTestEmulator,
  type TestEmulator,
} from "../../../support/emulator.ts";
import { callRest } from "../../../support/rest.ts";

const SECRETS = "/v1/projects/demo-litellm/secrets";
const RUNTIME: Member =
  "serviceAccount:litellmsa@demo-litellm.iam.gserviceaccount.com";

let emulator: TestEmulator;
beforeEach(async () => {
  await (emulator as TestEmulator | undefined)?.close();
  emulator = await startTestEmulator();
  const { enabledApis } = emulator.cloud.project("demo-litellm");
  enabledApis.add("secretmanager.googleapis.com").add("iam.googleapis.com");
  await callRest(
    emulator,
    "POST",
    "/v1/projects/demo-litellm/serviceAccounts",
    {
      accountId: "litellmsa",
    },
  );
  for (const id of ["readable", "other"]) {
    await callRest(emulator, "POST", `${SECRETS}?secretId=${id}`, {
      replication: { automatic: {} },
    });
    await callRest(emulator, "POST", `${SECRETS}/${id}:addVersion`, {
      payload: { data: Buffer.from(id).toString("base64") },
    });
  }
});
afterAll(() => emulator.close());

function grant(path: string, role: string) {
  return callRest(emulator, "POST", `${path}:setIamPolicy`, {
    policy: { bindings: [{ role, members: [RUNTIME] }] },
  });
}

function read(secret: string, version = "latest"): string {
  const { cloud } = emulator;
  return accessSecret(
    cloud,
    "demo-litellm",
    secret,
    version,
    RUNTIME,
  ).toString();
}

const denied = (secret: string) =>
  `Permission 'secretmanager.versions.access' denied for resource 'projects/demo-litellm/secrets/${secret}/versions/latest' (or it may not exist).`;

describe("a runtime account", () => {
  it("reads no secret by itself, and does not learn which exist", () => {
    expect(() => read("readable")).toThrow(denied("readable"));
    expect(() => read("absent")).toThrow(denied("absent"));
  });

  it("reads exactly the secret that it was given", async () => {
    await grant(`${SECRETS}/readable`, "roles/secretmanager.secretAccessor");
    expect(read("readable")).toBe("readable");
    expect(() => read("other")).toThrow(denied("other"));
  });

  it("reads every secret with the role on the project", async () => {
    await grant(
      "/v1/projects/demo-litellm",
      "roles/secretmanager.secretAccessor",
    );
    expect(read("readable") + read("other")).toBe("readableother");
    expect(() => read("absent")).toThrow(/absent\] not found/);
  });

  it.each(["roles/editor", "roles/viewer", "roles/secretmanager.viewer"])(
    "reads nothing with %s",
    async (role) => {
      await grant("/v1/projects/demo-litellm", role);
      expect(() => read("readable")).toThrow(denied("readable"));
    },
  );

  it("is told the same over HTTP", async () => {
    const path = `${SECRETS}/readable/versions/latest:access`;
    const access = () =>
      callRest(emulator, "GET", path, undefined, { caller: RUNTIME });
    expect(await access()).toMatchObject({
      status: 403,
      message: denied("readable"),
    });
    await grant(`${SECRETS}/readable`, "roles/secretmanager.secretAccessor");
    expect(await access()).toMatchObject({ status: 200 });
  });

  it("reads nothing while the API is disabled", async () => {
    await grant(`${SECRETS}/readable`, "roles/secretmanager.secretAccessor");
    emulator.cloud
      .project("demo-litellm")
      .enabledApis.delete("secretmanager.googleapis.com");
    expect(() => read("readable")).toThrow(
      /Secret Manager API has not been used/,
    );
  });

  it("loses its access with its deletion, a new one of its name included", async () => {
    await grant(`${SECRETS}/readable`, "roles/secretmanager.secretAccessor");
    const accounts = "/v1/projects/demo-litellm/serviceAccounts";
    const email = RUNTIME.slice(RUNTIME.indexOf(":") + 1);
    await callRest(emulator, "DELETE", `${accounts}/${email}`);
    await callRest(emulator, "POST", accounts, { accountId: "litellmsa" });
    expect(() => read("readable")).toThrow(denied("readable"));
  });
});
