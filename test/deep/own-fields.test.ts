import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { geminiOf } from "../../emulator/apis/gemini/state.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { findService } from "../support/services.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

// What belongs to the service and not to a revision acts at once on what serves.

const PREFIX = "run.googleapis.com/";
const PAUSE_MS = 100;

let emulator: TestEmulator;
let workspace: Workspace;
let onExchange: () => void = () => undefined;

beforeAll(async () => {
  emulator = await startTestEmulator({
    litellm: "stand-in",
    record: () => {
      onExchange();
    },
  });
  workspace = await makeWorkspace(emulator);
  expectDone(await workspace.script("deploy.ts"));
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

/** A client that knows the key and has no identity: what it is answered, without repetitions. */
function startClient(): { stop: () => Promise<string[]> } {
  const answers: string[] = [];
  const state = { isOver: false };
  const url = emulator.serviceUrl("us-central1", "litellm-proxy");
  const key = emulator.cloud
    .project(emulator.projectId)
    .secrets.get("litellm-master-key")
    ?.versions.at(-1)
    ?.payload?.toString();
  const loop = async (): Promise<void> => {
    while (!state.isOver) {
      const answer = await fetch(`${url}/v1/models`, {
        headers: { authorization: `Bearer ${key ?? ""}` },
      });
      await answer.body?.cancel();
      const status = answer.status === 200 ? "let in" : "kept out";
      if (answers.at(-1) !== status) answers.push(status);
      await setTimeout(PAUSE_MS);
    }
  };
  const ended = loop();
  return {
    stop: async () => {
      state.isOver = true;
      await ended;
      return answers;
    },
  };
}

/** Deploys with a setting: its end, the values of the field one after the other, and what a client saw. */
async function deployWith(field: string, env: Record<string, string>) {
  const values: string[] = [];
  const serving: (string | undefined)[] = [];
  onExchange = () => {
    const service = findService(emulator);
    const value = service?.annotations[`${PREFIX}${field}`] ?? "none";
    if (value === values.at(-1)) return;
    values.push(value);
    serving.push(service?.traffic.find((t) => t.percent === 100)?.revisionName);
  };
  const client = startClient();
  const run = await workspace.script("deploy.ts", ["local"], { env });
  const answers = await client.stop();
  onExchange = () => undefined;
  return { run, values, serving, answers };
}

/** In this order: what closes the URL to this machine is the last. */
describe.each([
  {
    setting: "MIN_INSTANCES=1",
    field: "minScale",
    values: ["0", "1"],
    answers: ["let in"],
  },
  {
    setting: "MAX_INSTANCES=3",
    field: "maxScale",
    values: ["10", "3"],
    answers: ["let in"],
  },
  {
    setting: "ACCESS=iam",
    field: "invoker-iam-disabled",
    values: ["true", "false"],
    answers: ["let in", "kept out"],
  },
  {
    setting: "ACCESS=public",
    field: "invoker-iam-disabled",
    values: ["false", "true"],
    answers: ["kept out", "let in"],
  },
  {
    setting: "INGRESS=internal",
    field: "ingress",
    values: ["all", "internal"],
    answers: ["let in", "kept out"],
  },
])("$setting", ({ setting, field, values, answers }) => {
  const [name = "", value = ""] = setting.split("=");
  const env = { [name]: value };

  test("is left as it was by a candidate that fails", async () => {
    const { faults } = geminiOf(emulator.cloud);
    faults.status = 503;
    const failed = await deployWith(field, env);
    faults.status = undefined;
    expect(`${String(failed.run.exitCode)} ${failed.run.stderr}`).toMatch(
      /^1 [\s\S]*The traffic was not touched/,
    );
    expect(failed.values).toEqual(values.slice(0, 1));
    expect(failed.answers).toEqual(answers.slice(0, 1));
  }, 240_000);

  test("comes with the traffic, neither earlier nor later", async () => {
    const done = await deployWith(field, env);
    expectDone(done.run);
    expect(done.values).toEqual(values);
    // In the very write that gives the new revision all traffic.
    expect(new Set(done.serving).size).toBe(2);
    const [revision = ""] = /(?<=Done: )\S+/.exec(done.run.stderr) ?? [];
    expect(done.serving.at(-1)).toBe(revision);
    expect(done.answers).toEqual(answers);
  }, 240_000);
});
