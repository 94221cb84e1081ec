import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { geminiOf } from "../../emulator/apis/gemini/state.ts";
import { runOf } from "../../emulator/apis/run/state.ts";
import { itConforms } from "../support/discovery.ts";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { isWrite } from "../support/inventory.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

const SECRET = "litellm-master-key-prod";
const options = { env: { PROJECT_ID: "demo-litellm" } };

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator);
  for (const env of ["prod-us", "prod-eu"]) {
    expectDone(await workspace.script("deploy.ts", [env, "--yes"], options));
  }
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

function rotate(...args: string[]): Promise<Finished> {
  return workspace.script("rotate.ts", ["prod-us", ...args], options);
}

function project() {
  return emulator.cloud.project("demo-litellm");
}

/** `1 ENABLED`, the oldest first. */
function versions(): string[] {
  const secret = project().secrets.get(SECRET);
  return (secret?.versions ?? []).map((v) => `${String(v.number)} ${v.state}`);
}

/** The version that takes a region's traffic. */
function pinned(region: string): string | undefined {
  const service = runOf(project()).services.get(`${region}/litellm-proxy-prod`);
  const [target] = service?.serving ?? [];
  const revision = service?.revisions.get(target?.revisionName ?? "");
  return revision?.template.spec.containers[0]?.env?.find(
    (e) => e.name === "LITELLM_MASTER_KEY",
  )?.valueFrom?.secretKeyRef?.key;
}

function secretText(number: number): string {
  const secret = project().secrets.get(SECRET);
  const version = secret?.versions.find((v) => v.number === number);
  return version?.payload?.toString() ?? "";
}

async function askWith(key: string): Promise<number> {
  const url = emulator.serviceUrl("us-central1", "litellm-proxy-prod");
  const headers = { authorization: `Bearer ${key}` };
  const { status } = await fetch(`${url}/v1/models`, { headers });
  return status;
}

describe("rotate", () => {
  test("asks for the name of a protected env", async () => {
    const before = emulator.exchanges.length;
    const { exitCode, stderr } = await rotate("--yes");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("rotate.ts prod-us --confirm=prod-us");
    expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
  });

  test("brings a new key, and leaves the old one to who has it still", async () => {
    const old = secretText(1);
    const run = await rotate("--confirm=prod-us", "--json");
    expectDone(run);
    expect(JSON.parse(run.stdout)).toMatchObject({
      version: 2,
      left: ["litellm-proxy-prod"],
    });
    expect(versions()).toEqual(["1 ENABLED", "2 ENABLED"]);
    expect([pinned("us-central1"), pinned("europe-west1")]).toEqual(["2", "1"]);
    expect(await askWith(secretText(2))).toBe(200);
    expect(await askWith(old)).not.toBe(200);
    expect(run.stderr + run.stdout).not.toContain(old);
    expect(run.stderr + run.stdout).not.toContain(secretText(2));
  });

  test("moves every service that shares the secret, and destroys what nothing names", async () => {
    expectDone(await rotate("--confirm=prod-us", "--all"));
    expect([pinned("us-central1"), pinned("europe-west1")]).toEqual(["3", "3"]);
    expect(versions()).toEqual(["1 DISABLED", "2 DISABLED", "3 ENABLED"]);
    const secret = project().secrets.get(SECRET);
    expect(secret?.versionDestroyTtl).toBe("2592000s");
  });

  test("makes no other key where an earlier run stored one", async () => {
    const key = `sk-${"0123456789abcdef".repeat(4)}`;
    await emulator.gcloud(
      ["secrets", "versions", "add", SECRET, "--data-file=-"],
      { input: key },
    );
    const run = await rotate("--confirm=prod-us");
    expectDone(run);
    expect(run.stderr).toContain(
      "version 4 of litellm-master-key-prod is stored",
    );
    expect(pinned("us-central1")).toBe("4");
    expect(versions().at(-1)).toBe("4 ENABLED");
  });

  test("ends what an earlier run left: the old version, and no key more", async () => {
    expectDone(await rotate("--confirm=prod-us", "--all"));
    const before = versions();
    await emulator.gcloud([
      ...["secrets", "versions", "enable", "2"],
      `--secret=${SECRET}`,
    ]);
    const run = await rotate("--confirm=prod-us");
    expectDone(run);
    expect(run.stderr).toContain("an earlier rotation did not end: version 2");
    expect(versions()).toEqual(before);
  });

  test("takes a key back that the gate refuses", async () => {
    const before = [pinned("us-central1"), versions()];
    geminiOf(emulator.cloud).faults.status = 503;
    const run = await rotate("--confirm=prod-us");
    geminiOf(emulator.cloud).faults.status = undefined;
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("what served before serves on");
    const [number, states] = [pinned("us-central1"), versions()];
    expect(number).toBe(before[0]);
    expect(states.slice(0, -1)).toEqual(before[1]);
    expect(states.at(-1)).toMatch(/ DISABLED$/);
  });

  test("refuses a key that the env does not read", async () => {
    const run = await rotate("--key=gemini-key", "--confirm=prod-us");
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("env prod-us reads no gemini-key");
  });
});

itConforms(() => emulator.exchanges);
