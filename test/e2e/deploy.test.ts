import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { itConforms } from "../support/discovery.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { stored } from "../support/keep-secret.ts";
import { leaksInto } from "../support/leaks.ts";
import { listServing } from "../support/services.ts";
import { NOTHING, isWrite, takeInventory } from "../support/inventory.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";
import { geminiOf } from "../../emulator/apis/gemini/state.ts";

const CONFIG = "config/litellm.vertex.yaml";

interface Outcome {
  revision: string;
  url: string;
  configVersion: string;
  steps: string[];
  changed: string[];
}

let emulator: TestEmulator;
let workspace: Workspace;
let first: Outcome;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator, { config: "shipped" });
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

/** All that deploys said so far. */
let said = "";

async function deploy(): Promise<Outcome> {
  const run = await workspace.script("deploy.ts", ["local", "--json"]);
  expectDone(run);
  said += run.stdout + run.stderr;
  return JSON.parse(run.stdout) as Outcome;
}

const serving = () => listServing(emulator);

describe("deploy", () => {
  test("prepares an empty project and serves by name", async () => {
    first = await deploy();
    expect(serving()).toEqual([`${first.revision} 100 `]);
    const account = "litellmsa@demo-litellm.iam.gserviceaccount.com";
    const readers = `readers=roles/secretmanager.secretAccessor serviceAccount:${account}`;
    expect(takeInventory(emulator)).toMatchObject({
      accounts: [
        `${account}: litellm-cloudrun: runs the LiteLLM proxy on Cloud Run`,
      ],
      bindings: [`roles/aiplatform.user serviceAccount:${account}`],
      secrets: [
        `litellm-config labels=litellm-cloudrun versions=ENABLED aliases=${first.configVersion},1 ${readers}`,
        `litellm-master-key labels=litellm-cloudrun versions=ENABLED aliases= ${readers}`,
      ],
    });
  });

  test("makes the master key that nobody brings from 256 bits, and shows it nowhere", () => {
    const key = stored({ emulator }, "litellm-master-key") ?? "";
    expect(key).toMatch(/^sk-[0-9a-f]{64}$/);
    expect(leaksInto(said, [key])).toBe(false);
    expect(leaksInto(emulator.lines.join("\n"), [key])).toBe(false);
  });

  test("writes nothing the second time", async () => {
    const before = emulator.exchanges.length;
    const second = await deploy();
    expect(second).toMatchObject({ revision: first.revision, steps: [] });
    expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
  });

  test("brings a changed config up beside what serves, then moves the traffic", async () => {
    await workspace.edit(CONFIG, (text) => `${text}\n# changed\n`);
    const changed = await deploy();
    expect(changed.configVersion).not.toBe(first.configVersion);
    expect(serving()).toEqual([`${changed.revision} 100 `]);
    expect(takeInventory(emulator).secrets[0]).toMatch(
      /versions=ENABLED,ENABLED aliases=sha-\w+,1 sha-\w+,2 /,
    );
  });

  test("stores no version for a config that it stored before, and makes one new revision for all that changed", async () => {
    await workspace.edit(CONFIG, (text) => text.replace("\n# changed\n", ""));
    await workspace.edit("envs/local.env", (text) => `${text}CONCURRENCY=20\n`);
    const back = await deploy();
    expect(back.configVersion).toBe(first.configVersion);
    expect(back.changed).toEqual([
      "revision.spec.containerConcurrency",
      "revision.spec.volumes[0].secret.items[0].key",
    ]);
    expect(takeInventory(emulator).secrets[0]).toMatch(
      /versions=ENABLED,ENABLED aliases=sha-\w+,1 sha-\w+,2 /,
    );
  });

  test("writes nothing where the config is not valid", async () => {
    const before = emulator.exchanges.length;
    await workspace.edit(CONFIG, (text) =>
      text.replace("vertex_ai/", "vertx/"),
    );
    const run = await workspace.script("deploy.ts");
    await workspace.edit(CONFIG, (text) =>
      text.replace("vertx/", "vertex_ai/"),
    );
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/config\/litellm\.vertex\.yaml:\d+:\d+: error/);
    expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
  });

  test("touches no traffic where the candidate fails, and tries anew after", async () => {
    const before = serving();
    await workspace.edit(
      "envs/local.env",
      (text) => `${text}MAX_INSTANCES=3\n`,
    );
    geminiOf(emulator.cloud).faults = {
      ...geminiOf(emulator.cloud).faults,
      status: 503,
    };
    const run = await workspace.script("deploy.ts");
    geminiOf(emulator.cloud).faults = {
      ...geminiOf(emulator.cloud).faults,
      status: undefined,
    };
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("what served before serves on");
    expect(serving()).toEqual(before);
    const { revision } = await deploy();
    expect(serving()).toEqual([`${revision} 100 `]);
  });

  test("refuses to send a demo project to the real Google", async () => {
    const run = await workspace.script("deploy.ts", ["local"], {
      env: {
        CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: "https://run.googleapis.com/",
      },
    });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("is not sent to the real Google");
  });

  test("stops before any change in a project without billing", async () => {
    emulator.cloud.project(emulator.projectId).billingEnabled = false;
    const run = await workspace.script("deploy.ts");
    emulator.cloud.project(emulator.projectId).billingEnabled = true;
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("has no billing account");
  });
});

describe("clean", () => {
  test("asks before it removes anything", async () => {
    const run = await workspace.script("clean.ts");
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("Delete service litellm-proxy");
    expect(takeInventory(emulator).services).toHaveLength(1);
  });

  test("removes everything, and does not mind a second time", async () => {
    const run = await workspace.script("clean.ts", ["local", "--yes"]);
    expect(run.exitCode).toBe(0);
    expect(takeInventory(emulator)).toMatchObject(NOTHING);
    const again = await workspace.script("clean.ts", ["local", "--yes"]);
    expect(again.exitCode).toBe(0);
    expect(again.stderr).toContain("Nothing to remove");
  });
});

itConforms(() => emulator.exchanges);
