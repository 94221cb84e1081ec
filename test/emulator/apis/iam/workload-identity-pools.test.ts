import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { itConforms } from "../../../support/discovery.ts";
import {
  startTestEmulator,
  type TestEmulator,
} from "../../../support/emulator.ts";

const ISSUER = "https://token.actions.githubusercontent.com";
const IN_POOL = ["--workload-identity-pool=github"];

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator();
  emulator.cloud.project("demo-litellm").enabledApis.add("iam.googleapis.com");
});
afterAll(() => emulator.close());

function pools(...args: string[]) {
  return emulator.gcloud([
    "iam",
    "workload-identity-pools",
    ...args,
    "--location=global",
    "--format=json",
  ]);
}

function createProvider(id: string, ...flags: string[]) {
  const mapping = "--attribute-mapping=google.subject=assertion.sub";
  const issuer = `--issuer-uri=${ISSUER}`;
  return pools(
    ...["providers", "create-oidc", id, ...IN_POOL, issuer, mapping, ...flags],
  );
}

async function stateOf(...of: string[]): Promise<unknown> {
  const { stdout, stderr } = await pools(...of);
  expect(stderr).toBe("");
  return (JSON.parse(stdout) as { state: unknown }).state;
}

describe("workload identity pools", () => {
  it("are made, changed and listed by gcloud, with an OIDC provider", async () => {
    const made = await pools("create", "github", "--description=CI");
    expect(made.exitCode, made.stderr).toBe(0);
    const provider = await createProvider(
      "actions",
      "--attribute-condition=assertion.repository_id == '1'",
    );
    expect(provider.exitCode, provider.stderr).toBe(0);
    const changed = await pools(
      ...["providers", "update-oidc", "actions", ...IN_POOL],
      "--attribute-condition=assertion.repository_id == '2'",
    );
    expect(changed.exitCode, changed.stderr).toBe(0);
    const listed = await pools("providers", "list", ...IN_POOL);
    expect(JSON.parse(listed.stdout)).toEqual([
      expect.objectContaining({
        attributeMapping: { "google.subject": "assertion.sub" },
        attributeCondition: "assertion.repository_id == '2'",
        oidc: { issuerUri: ISSUER },
        state: "ACTIVE",
      }),
    ]);
  });

  it("keep their names when they are deleted, and come back", async () => {
    expect((await pools("delete", "github", "--quiet")).exitCode).toBe(0);
    expect(await stateOf("describe", "github")).toBe("DELETED");
    expect((await pools("list")).stdout).toBe("[]\n");
    expect((await pools("create", "github")).stderr).toContain(
      "Requested entity already exists",
    );
    expect((await pools("undelete", "github")).exitCode).toBe(0);
    expect(await stateOf("describe", "github")).toBe("ACTIVE");
  });

  it("refuse a provider that would let in everybody's repositories", async () => {
    expect((await createProvider("open")).stderr).toContain(
      "The attribute condition must reference one of the provider's claims.",
    );
  });

  it("refuse an expression that is not evaluated here", async () => {
    const condition = "assertion.repository.startsWith('team/')";
    expect(
      (await createProvider("else", `--attribute-condition=${condition}`))
        .stderr,
    ).toContain(`does not cover the expression ${condition}.`);
  });

  it("are for who may see to them", async () => {
    const env = emulator.envFor("user:guest@example.com");
    const { stderr } = await emulator.gcloud(
      [
        ...["iam", "workload-identity-pools", "delete", "github"],
        ...["--location=global", "--quiet"],
      ],
      { env },
    );
    expect(stderr).toContain(
      "Permission 'iam.googleapis.com/workloadIdentityPools.delete' denied",
    );
  });
});

itConforms(() => emulator.exchanges);
