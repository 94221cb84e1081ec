import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { itConforms } from "../support/discovery.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { findService } from "../support/services.ts";
import { NOTHING, isWrite, takeInventory } from "../support/inventory.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

const ACCOUNT = "litellmsa@demo-litellm.iam.gserviceaccount.com";
const WEAK_KEY = "sk-123456";

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator);
  await typeBashFlow();
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

/** The flow that this project ports, as plain gcloud commands. */
async function typeBashFlow(): Promise<void> {
  const project = "--project=demo-litellm";
  const region = "--region=us-central1";
  for (const args of [
    "services enable run.googleapis.com secretmanager.googleapis.com iam.googleapis.com aiplatform.googleapis.com",
    "config set project demo-litellm",
    "iam service-accounts create litellmsa --display-name=litellm",
    `projects add-iam-policy-binding demo-litellm --member=serviceAccount:${ACCOUNT} --role=roles/aiplatform.user --condition=None`,
    `projects add-iam-policy-binding demo-litellm --member=serviceAccount:${ACCOUNT} --role=roles/secretmanager.secretAccessor --condition=None`,
    `secrets create litellm-config --data-file=config/litellm.vertex.yaml ${project}`,
    `run deploy litellm-proxy --image=docker.io/litellm/litellm:v1.108.14 --args=--config,/secrets/config.yaml,--port,4000 --port=4000 --set-secrets=/secrets/config.yaml=litellm-config:latest --set-env-vars=LITELLM_MASTER_KEY=${WEAK_KEY},PROJECT_ID=demo-litellm,REGION=global --service-account=${ACCOUNT} --memory=1Gi --concurrency=4 --max-instances=8 --no-allow-unauthenticated ${region} ${project}`,
    `run services add-iam-policy-binding litellm-proxy --member=allUsers --role=roles/run.invoker ${region} ${project}`,
  ]) {
    const run = await emulator.gcloud(args.split(" "), {
      cwd: workspace.directory,
    });
    expect(`${args}: ${String(run.exitCode)} ${run.stderr}`).toContain(": 0 ");
  }
}

function serviceUrl(): string {
  return findService(emulator)?.frontEnd?.url ?? "";
}

async function listModels(key: string): Promise<number> {
  const response = await fetch(`${serviceUrl()}/v1/models`, {
    headers: { authorization: `Bearer ${key}` },
  });
  await response.arrayBuffer();
  return response.status;
}

describe("what the bash flow made", () => {
  test("serves with the key that it was given", async () => {
    expect(await listModels(WEAK_KEY)).toBe(200);
  });

  test("stops a deploy before any change", async () => {
    const before = emulator.exchanges.length;
    const run = await workspace.script("deploy.ts");
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("service litellm-proxy in us-central1");
    expect(run.stderr).toContain(`service account ${ACCOUNT}`);
    expect(run.stderr).toContain("secret litellm-config");
    expect(run.stderr).toContain("deploy.ts local --adopt");
    expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
  });

  test("is not removed by clean", async () => {
    const before = takeInventory(emulator);
    const run = await workspace.script("clean.ts", ["local", "--yes"]);
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain("not made by this project");
    expect(takeInventory(emulator)).toEqual(before);
  });

  test("is taken over with --adopt while clients go on with their key", async () => {
    const url = serviceUrl();
    const run = await workspace.script("deploy.ts", ["local", "--adopt"]);
    expectDone(run);
    expect(serviceUrl()).toBe(url);
    expect(await listModels(WEAK_KEY)).toBe(200);
    expect(run.stderr).toContain("WARNING: the master key");
    expect(run.stderr + run.stdout).not.toContain(WEAK_KEY);
  });

  test("has lost its plain key and its wide permissions", async () => {
    const { bindings, accounts, secrets } = takeInventory(emulator);
    expect(bindings).toEqual([
      `roles/aiplatform.user serviceAccount:${ACCOUNT}`,
    ]);
    expect(accounts[0]).toContain("litellm-cloudrun:");
    expect(secrets[0]).toContain("labels=litellm-cloudrun");
    const described = await emulator.gcloud([
      ...["run", "services", "describe", "litellm-proxy"],
      "--region=us-central1",
      "--format=json",
    ]);
    expect(described.stdout).not.toContain(WEAK_KEY);
    const policy = await emulator.gcloud([
      ...["run", "services", "get-iam-policy", "litellm-proxy"],
      "--region=us-central1",
      "--format=json",
    ]);
    expect(policy.stdout).not.toContain("allUsers");
  });

  test("gets a strong key with the command that the warning names", async () => {
    const run = await workspace.script("deploy.ts", [
      "local",
      "--master-key=generate",
    ]);
    expect(run.exitCode).toBe(0);
    expect(await listModels(WEAK_KEY)).toBe(400);
  });

  test("is removed by clean from then on", async () => {
    const run = await workspace.script("clean.ts", ["local", "--yes"]);
    expect(run.exitCode).toBe(0);
    expect(takeInventory(emulator)).toMatchObject(NOTHING);
  });
});

itConforms(() => emulator.exchanges);
