import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Member } from "../../emulator/core/cloud.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { isWrite } from "../support/inventory.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

const COMMIT_SHA = "0123456789abcdef0123456789abcdef01234567";
const CONFIG = "config/litellm.vertex.yaml";

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator);
  for (const env of ["dev", "apikey", "prod-us"]) {
    await workspace.setProject(env, "demo-litellm");
  }
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

/** Plans, which must not write, and must not read a key. */
async function plan(
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<{ stdout: string; stderr: string; exitCode: number }> {
  const before = emulator.exchanges.length;
  const run = await workspace.script("plan.ts", ["local", ...args], { env });
  const sent = emulator.exchanges.slice(before);
  expect(sent.filter(isWrite).map(({ path }) => path)).toEqual([]);
  const keys = /litellm-(master|gemini)-key\/versions\/.*:access/;
  expect(sent.filter(({ path }) => keys.test(path))).toEqual([]);
  return run;
}

test("a plan before the first deploy: all is new, and told step by step", async () => {
  const run = await plan(["--expect-no-changes"]);
  expect(run.stdout).toContain("local: nothing serves yet: all is new, ");
  expect(run.stdout).toContain("  - Create secret litellm-master-key\n");
  expect(run.stderr).toContain("npx tsx scripts/deploy.ts local");
  expect(run.exitCode).toBe(1);
});

test("a status before the first deploy: one env is told to have nothing, and how to deploy it", async () => {
  const run = await workspace.script("status.ts", ["local"]);
  expect(run.stderr).toMatchInlineSnapshot(`
    "error: nothing is deployed for local yet: demo-litellm has no service litellm-proxy in us-central1, or it serves nothing
      Deploy it: npx tsx scripts/deploy.ts local
    "
  `);
  expect(run.exitCode).toBe(1);
});

test("a status of a misspelt env is told without a login", async () => {
  const run = await workspace.script("status.ts", ["locl"], {
    env: { PATH: "/nowhere" },
  });
  expect(run.stderr).toContain('there is no env "locl"');
  expect(run.stderr).toContain('Did you mean "local"?');
  expect(run.exitCode).toBe(2);
});

// Changed by hand: test/deep/plan.test.ts. For a viewer, and watched: test/deep/status.test.ts.
describe("what is deployed", () => {
  beforeAll(async () => {
    const env = { COMMIT_SHA };
    expectDone(await workspace.script("deploy.ts", ["local"], { env }));
  });

  test("is told a line a thing by status, and nothing is written", async () => {
    const before = emulator.exchanges.length;
    const run = await workspace.script("status.ts", ["local"]);
    expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
    expect(steady(run.stdout)).toMatchInlineSnapshot(`
      "local     litellm-proxy in demo-litellm, us-central1
      traffic   litellm-proxy-ATTEMPT 100 %
      image     docker.io/litellm/litellm:v1.108.14
      LiteLLM   1.108.14
      config    sha-CONTENT of litellm-config, made 0 min ago
      keys      master key: version 1
      deployed  TIME UTC by developer@example.com, commit 0123456789ab
      health    ready, answers in N ms
      url       http://127.0.0.1:PORT
      "
    `);
    expect(run.exitCode).toBe(0);
  });

  test("is told as JSON by status", async () => {
    const run = await workspace.script("status.ts", ["local", "--json"]);
    const [status] = JSON.parse(run.stdout) as Record<string, unknown>[];
    expect(status).toMatchObject({
      env: "local",
      serving: {
        litellm: "1.108.14",
        keys: { masterKey: "1" },
        traffic: [{ percent: 100, tag: null }],
        deployed: { by: "developer@example.com", commit: "0123456789ab" },
        health: { ready: true, answer: { ok: true } },
        pipeline: null,
      },
    });
  });

  test("stands in the status table of all envs, beside one that is not deployed and one that cannot be read", async () => {
    await workspace.edit("envs/prod-eu.env", (text) =>
      text.replace("MODE=vertex", "MODE=vertx"),
    );
    const run = await workspace.script("status.ts", ["--all"]);
    expect(steady(run.stdout)).toMatchInlineSnapshot(`
      "ENV      REVISION  LITELLM   CONFIG            DEPLOYED   HEALTH
      apikey   none yet
      dev      …ATTEMPT  1.108.14  sha-CONTENT  0 min ago  ok
      local    …ATTEMPT  1.108.14  sha-CONTENT  0 min ago  ok
      prod-eu  ?
      prod-us  none yet

      prod-eu   error: the settings of env "prod-eu" are not valid:
                envs/prod-eu.env:3: MODE="vertx": expected vertex or apikey
      "
    `);
    expect(run.exitCode).toBe(1);
  });

  test("is planned without a change", async () => {
    const run = await plan(["--expect-no-changes"]);
    expect(run.stdout).toMatchInlineSnapshot(`
      "local: no changes

      A month of 30 days
        at rest   0 vCPU-s, 0 GiB-s
      "
    `);
    expect(run.exitCode).toBe(0);
  });

  test("and a changed setting and config are told field by field and line by line", async () => {
    await workspace.edit(CONFIG, (text) =>
      text.replace("json_logs: true", "json_logs: false"),
    );
    const run = await plan([], { MEMORY: "4Gi" });
    expect(steady(run.stdout)).toMatchInlineSnapshot(`
      "local: 2 fields to change, 5 steps
        containers[0].resources.limits.memory: 1Gi → 4Gi
        volumes[0].secret.items[0].key: sha-CONTENT → sha-CONTENT
        config sha-CONTENT → sha-CONTENT

      Fields
        revision.spec.containers[0].resources.limits.memory
        - 1Gi
        + 4Gi
        revision.spec.volumes[0].secret.items[0].key
        - sha-CONTENT
        + sha-CONTENT

      Config
        …
          
            # One JSON object a line, as Cloud Logging likes it.
        -   json_logs: true
        +   json_logs: false
          
            # A comment line in a stream that is silent this long (seconds), so that
        …

      Steps
        - Store config/litellm.vertex.yaml in secret litellm-config
        - Name version 2 of litellm-config: sha-CONTENT
        - Bring up candidate litellm-proxy-ATTEMPT at 0 %
        - Verify litellm-proxy-ATTEMPT
        - Give all traffic to litellm-proxy-ATTEMPT

      A month of 30 days
        at rest   0 vCPU-s, 0 GiB-s
      "
    `);
    expect(run.exitCode).toBe(0);
    const verbose = await plan(["--verbose"], { MEMORY: "4Gi" });
    expect(verbose.stdout).toContain("gcloud run services replace -");
    await workspace.edit(CONFIG, (text) =>
      text.replace("json_logs: false", "json_logs: true"),
    );
  });

  test("is planned by whoever may only read, who is told what he may not see", async () => {
    const member: Member = "user:reader@example.com";
    const { bindings } = emulator.cloud.project("demo-litellm").policy;
    for (const role of ["viewer", "serviceusage.serviceUsageConsumer"]) {
      bindings.push({ role: `roles/${role}`, members: [member] });
    }
    const env = emulator.envFor(member);
    const run = await plan(["--expect-no-changes"], env);
    expect(run.stderr).not.toContain("error:");
    expect(run.exitCode).toBe(0);
  });
});

test("a load that is none is told before gcloud is asked", async () => {
  const run = await plan(["--requests=many"], { PATH: "/nowhere" });
  expect(run.stderr).toBe("error: --requests=many: expected a number\n");
  expect(run.exitCode).toBe(2);
});

/** What differs between runs, by what it is. */
function steady(text: string): string {
  return text
    .replaceAll(/litellm-proxy-[a-z0-9]{7}/g, "litellm-proxy-ATTEMPT")
    .replaceAll(/…[a-z0-9]{7} /g, "…ATTEMPT ")
    .replaceAll(/sha-[0-9a-f]{12}/g, "sha-CONTENT")
    .replaceAll(/cand-\w+-\w+/g, "cand-TAG")
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "TIME")
    .replaceAll(/\d+ ms/g, "N ms")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT");
}
