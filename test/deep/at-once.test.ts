import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Exchange } from "../../emulator/core/exchange.ts";
import { itConforms } from "../support/discovery.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { listServing } from "../support/services.ts";
import { isWrite } from "../support/inventory.ts";
import { type RestAnswer, callRest } from "../support/rest.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

const CONFIG = "config/litellm.vertex.yaml";
const CONFIG_SECRET = "/v1/projects/demo-litellm/secrets/litellm-config";
const COLLEAGUE = { caller: "user:colleague@example.com" } as const;

let emulator: TestEmulator;
let workspace: Workspace;
let onExchange: (exchange: Exchange) => void = () => undefined;

beforeAll(async () => {
  emulator = await startTestEmulator({
    litellm: "stand-in",
    record: (exchange) => {
      onExchange(exchange);
    },
  });
  emulator.addOwner(COLLEAGUE.caller);
  workspace = await makeWorkspace(emulator);
  expectDone(await workspace.script("deploy.ts"));
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

const serving = () => listServing(emulator);

function changeConfig(): Promise<void> {
  return workspace.edit(CONFIG, (text) => `${text}# changed\n`);
}

describe("a version that somebody else adds to a secret", () => {
  test("stops the deploy before it touches the service, and the next one goes on", async () => {
    await changeConfig();
    let added: Promise<RestAnswer> | undefined;
    onExchange = ({ method, path }) => {
      if (method !== "GET" || !path.startsWith(`${CONFIG_SECRET}/versions`)) {
        return;
      }
      onExchange = () => undefined;
      const payload = { data: Buffer.from("theirs").toString("base64") };
      const path_ = `${CONFIG_SECRET}:addVersion`;
      added = callRest(emulator, "POST", path_, { payload }, COLLEAGUE);
    };
    const before = emulator.exchanges.length;
    const run = await workspace.script("deploy.ts");
    expect((await added)?.message).toBe("");
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(
      "somebody else added a version to secret litellm-config at the same time",
    );
    const written = emulator.exchanges.slice(before).filter(isWrite);
    expect(written.map((e) => e.path)).toEqual([
      `${CONFIG_SECRET}:addVersion`,
      expect.stringContaining("litellm-config:addVersion"),
    ]);
    expectDone(await workspace.script("deploy.ts"));
  });
});

describe("two deploys at once", () => {
  test("leave one whole revision serving, and the next one has it right", async () => {
    const [before = ""] = serving();
    await changeConfig();
    const runs = await Promise.all([
      workspace.script("deploy.ts"),
      workspace.script("deploy.ts"),
    ]);
    for (const { exitCode, stderr } of runs) {
      if (exitCode === 0) continue;
      expect(stderr).toMatch(/^error: .*(at the same time|etag|has no tag)/ms);
      expect(stderr).not.toContain("This is a bug");
    }
    const done = runs.filter((run) => run.exitCode === 0);
    expect(serving()).toEqual([
      done.length === 0 ? before : expect.not.stringContaining(before),
    ]);
    expectDone(await workspace.script("deploy.ts"));
    expect(serving()).toHaveLength(1);
    expect(serving()).not.toEqual([before]);
    const again = await workspace.script("deploy.ts");
    expect(again.stderr).toContain("Nothing to do");
  });
});

itConforms(() => emulator.exchanges);
