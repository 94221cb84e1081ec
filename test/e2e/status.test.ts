import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Member } from "../../emulator/core/cloud.ts";
import { neutralEnvironment } from "../support/environment.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { isWrite } from "../support/inventory.ts";
import { scriptCommand } from "../support/quick-scripts/script-command.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

const COMMIT_SHA = "0123456789abcdef0123456789abcdef01234567";

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

/** What differs between runs, by what it is. */
function steady(text: string): string {
  return text
    .replaceAll(/litellm-proxy-[a-z0-9]{7}/g, "litellm-proxy-ATTEMPT")
    .replaceAll(/…[a-z0-9]{7} /g, "…ATTEMPT ")
    .replaceAll(/sha-[0-9a-f]{12}/g, "sha-CONTENT")
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "TIME")
    .replaceAll(/\d+ ms/g, "N ms")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT");
}

test("before the first deploy, one env is told to have nothing, and how to deploy it", async () => {
  const run = await workspace.script("status.ts", ["local"]);
  expect(run.stderr).toMatchInlineSnapshot(`
    "error: nothing is deployed for local yet: demo-litellm has no service litellm-proxy in us-central1, or it serves nothing
      Deploy it: npx tsx scripts/deploy.ts local
    "
  `);
  expect(run.exitCode).toBe(1);
});

test("a misspelt env is told without a login", async () => {
  const run = await workspace.script("status.ts", ["locl"], {
    env: { PATH: "/nowhere" },
  });
  expect(run.stderr).toContain('there is no env "locl"');
  expect(run.stderr).toContain('Did you mean "local"?');
  expect(run.exitCode).toBe(2);
});

describe("an env that is deployed", () => {
  beforeAll(async () => {
    const env = { COMMIT_SHA };
    expectDone(await workspace.script("deploy.ts", ["local"], { env }));
  });

  test("is told a line a thing, and nothing is written", async () => {
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

  test("is told as JSON", async () => {
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

  test("stands in the table of all envs, beside one that is not deployed and one that cannot be read", async () => {
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

  test("is shown without what the caller may not see", async () => {
    const member: Member = "user:viewer@example.com";
    const { bindings } = emulator.cloud.project("demo-litellm").policy;
    for (const role of ["run.viewer", "serviceusage.serviceUsageConsumer"]) {
      bindings.push({ role: `roles/${role}`, members: [member] });
    }
    const env = emulator.envFor(member);
    const run = await workspace.script("status.ts", ["local"], { env });
    expect(run.stderr).toBe("");
    expect(steady(run.stdout)).toContain("sha-CONTENT of litellm-config\n");
    expect(run.exitCode).toBe(0);
    const nobody = emulator.envFor("user:nobody@example.com");
    const refused = await workspace.script("status.ts", ["local"], {
      env: nobody,
    });
    expect(refused.stderr).toContain("serviceusage.services.use");
    expect(refused.stderr).toContain("Least roles");
    expect(refused.exitCode).toBe(1);
  });

  test("is watched until Ctrl-C, which ends with 130", async () => {
    const script = scriptCommand("status.ts", ["local", "--watch"]);
    const child = spawn(script.command, script.args, {
      cwd: workspace.directory,
      env: { ...neutralEnvironment(), ...emulator.env, ...script.env },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [first] = (await once(child.stdout, "data")) as [Buffer];
    // It would keep an instance up.
    expect(first.toString()).toMatch(/health +ready\n/);
    child.kill("SIGINT");
    const [code] = (await once(child, "close")) as [number | null];
    expect(code).toBe(130);
  });
});
