import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Member } from "../../emulator/core/cloud.ts";
import { neutralEnvironment } from "../support/environment.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { scriptCommand } from "../support/quick-scripts/script-command.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator);
  expectDone(await workspace.script("deploy.ts", ["local"]));
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

describe("the status of an env that is deployed", () => {
  test("is shown without what the caller may not see", async () => {
    const member: Member = "user:viewer@example.com";
    const { bindings } = emulator.cloud.project("demo-litellm").policy;
    for (const role of ["run.viewer", "serviceusage.serviceUsageConsumer"]) {
      bindings.push({ role: `roles/${role}`, members: [member] });
    }
    const env = emulator.envFor(member);
    const run = await workspace.script("status.ts", ["local"], { env });
    expect(run.stderr).toBe("");
    expect(run.stdout).toMatch(/sha-[0-9a-f]{12} of litellm-config\n/);
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
