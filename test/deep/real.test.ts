import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureLitellm } from "../../emulator/machine/litellm/environment.ts";
import { itConforms } from "../support/discovery.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { NOTHING, takeInventory } from "../support/inventory.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

let emulator: TestEmulator;
let workspace: Workspace;
let python: string;

beforeAll(async () => {
  ({ python } = await ensureLitellm(() => undefined));
  emulator = await startTestEmulator();
  workspace = await makeWorkspace(emulator, { config: "shipped" });
}, 300_000);

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

const ASK = `
import os
from openai import OpenAI
client = OpenAI(base_url=os.environ["URL"] + "/v1", api_key=os.environ["KEY"])
stream = client.chat.completions.create(
    model="gemini-3.5-flash", stream=True,
    messages=[{"role": "user", "content": "Grüße aus Zürich"}])
print("".join(c.choices[0].delta.content or "" for c in stream if c.choices))
`;
import { runOf } from "../../emulator/apis/run/state.ts";

describe("the real LiteLLM", () => {
  test("is deployed, verified, and answers Python's OpenAI SDK", async () => {
    const deployed = await workspace.script("deploy.ts", ["local", "--json"]);
    expect(deployed.stderr).not.toContain("error:");
    expect(deployed.exitCode).toBe(0);
    const { url } = JSON.parse(deployed.stdout) as { url: string };
    const key = await emulator.gcloud([
      ...["secrets", "versions", "access", "latest"],
      "--secret=litellm-master-key",
    ]);
    const asked = await emulator.run(python, ["-c", ASK], {
      env: { URL: url, KEY: key.stdout, PYTHONIOENCODING: "utf-8" },
    });
    expect(asked.stderr).toBe("");
    expect(asked.stdout).toContain("Grüße aus Zürich");
  });

  test("is verified again on its own, with a report for programs", async () => {
    const run = await workspace.script("verify.ts", [
      ...["local", "--quick", "--json"],
    ]);
    expect(run.exitCode).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ ok: true, failed: 0 });
  });

  test("serves on while a candidate that cannot start is refused", async () => {
    const before = runOf(emulator.cloud.project(emulator.projectId))
      .services.values()
      .next().value?.serving;
    // What the config check cannot know: LiteLLM refuses it at its start.
    await workspace.edit("config/litellm.vertex.yaml", (text) =>
      text.replace(
        "drop_params: true",
        "drop_params: true\n  callbacks: [litellm.no_such_module.handler]",
      ),
    );
    const run = await workspace.script("deploy.ts");
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("failed to start and listen on the port");
    expect(run.stderr).toContain("ModuleNotFoundError: No module named");
    expect(run.stderr).toContain(
      "The image has no Python module litellm.no_such_module: correct what names it in the config",
    );
    expect(
      runOf(emulator.cloud.project(emulator.projectId)).services.values().next()
        .value?.serving,
    ).toEqual(before);
    const verified = await workspace.script("verify.ts", ["local", "--quick"]);
    expect(verified.stderr).not.toContain("error:");
    expect(verified.stderr).not.toContain("FAIL");
    expect(verified.exitCode).toBe(0);
  });

  test("is removed without a trace", async () => {
    const run = await workspace.script("clean.ts", ["local", "--yes"]);
    expect(run.exitCode).toBe(0);
    expect(takeInventory(emulator)).toMatchObject(NOTHING);
  });

  itConforms(() => emulator.exchanges);
});
