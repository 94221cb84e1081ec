import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { itConforms } from "../support/discovery.ts";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { findService } from "../support/services.ts";
import { isWrite } from "../support/inventory.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

const CONFIG = "config/litellm.vertex.yaml";
const ENV = "envs/local.env";
const IMAGE = "docker.io/litellm/litellm";

interface Deployed {
  revision: string;
  configVersion: string;
  url: string;
}

let emulator: TestEmulator;
let workspace: Workspace;
let a: Deployed;
let b: Deployed;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator);
  await workspace.edit(ENV, (text) => `${text}IMAGE=${IMAGE}:v1.108.13\n`);
  a = await deploy();
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

async function deploy(...options: string[]): Promise<Deployed> {
  const run = await workspace.script("deploy.ts", [
    "local",
    "--json",
    ...options,
  ]);
  expectDone(run);
  return JSON.parse(run.stdout) as Deployed;
}

function rollback(...options: string[]): Promise<Finished> {
  return workspace.script("rollback.ts", ["local", ...options]);
}

/** `revision percent tag → image config key`, of everything that traffic or a tag leads to. */
function serving(): string[] {
  const service = findService(emulator);
  return (service?.serving ?? []).map((t) => {
    const spec = service?.revisions.get(t.revisionName)?.template.spec;
    const [container] = spec?.containers ?? [];
    const key = container?.env?.find((e) => e.name === "LITELLM_MASTER_KEY");
    return [
      `${t.revisionName} ${String(t.percent)} ${t.tag ?? ""}→`,
      container?.image.replace(/@.*/, "@digest"),
      spec?.volumes?.[0]?.secret?.items?.[0]?.key,
      key?.valueFrom?.secretKeyRef?.key,
    ].join(" ");
  });
}

/** The status of a request with a version of the master key. */
async function ask(version: number): Promise<number> {
  const secret = emulator.cloud
    .project(emulator.projectId)
    .secrets.get("litellm-master-key");
  const payload = secret?.versions.find((v) => v.number === version)?.payload;
  const response = await fetch(`${a.url}/v1/models`, {
    headers: { Authorization: `Bearer ${payload?.toString() ?? ""}` },
  });
  await response.body?.cancel();
  return response.status;
}

describe("rollback", () => {
  test("has nothing to go back to after a first deploy", async () => {
    const run = await rollback("--yes");
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("there is nothing to go back to");
  });

  test("asks first", async () => {
    await workspace.edit(CONFIG, (text) => `${text}\n# changed\n`);
    await workspace.edit(ENV, (text) => text.replace("108.13", "108.14"));
    b = await deploy();
    const before = emulator.exchanges.length;
    const run = await rollback();
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("nobody is here to confirm the rollback");
    expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
  });

  test("brings image and config of the revision before back, verified first", async () => {
    const run = await rollback("--yes", "--json");
    expect(run.stderr).not.toContain("error:");
    expect(run.stderr).toMatch(/Bring up .* at 0 %[^]*Verify[^]*all traffic/);
    expect(JSON.parse(run.stdout)).toMatchObject({
      from: { revision: b.revision, image: `${IMAGE}:v1.108.14` },
      to: { revision: a.revision, configVersion: a.configVersion },
      revision: a.revision,
    });
    expect(serving()).toEqual([
      `${a.revision} 100 → ${IMAGE}:v1.108.13 ${a.configVersion} 1`,
    ]);
  });

  test("does not hold the next deploy back", async () => {
    const next = await deploy("--master-key=generate");
    expect(next.configVersion).toBe(b.configVersion);
    expect(serving()).toEqual([
      `${next.revision} 100 → ${IMAGE}:v1.108.14 ${b.configVersion} 2`,
    ]);
  });

  test("skips what failed and what was rolled back from, and never brings an old key back", async () => {
    await workspace.edit(ENV, (text) => text.replace("108.14", "999.0"));
    const failed = await workspace.script("deploy.ts");
    expect(failed.exitCode).toBe(1);
    const run = await rollback("--yes");
    expect(run.stderr).not.toContain("error:");
    expect(run.stderr).toContain(
      "version 1 of litellm-master-key was superseded by version 2",
    );
    const [only = "", ...others] = serving();
    expect(others).toEqual([]);
    expect(only).toContain(` 100 → ${IMAGE}@digest ${a.configVersion} 2`);
    expect(only).not.toContain(a.revision);
    expect(await ask(2)).toBe(200);
    // Without a database LiteLLM answers 400 to a key that it does not know.
    expect(await ask(1)).toBe(400);
  });
});

itConforms(() => emulator.exchanges);
