import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureLitellm } from "../../../emulator/machine/litellm/environment.ts";
import { listLeftovers, startRehearsal } from "../../support/rehearsal.ts";

let scratch: string;

beforeAll(async () => {
  await ensureLitellm(() => undefined);
  scratch = await mkdtemp(path.join(tmpdir(), "litellm-start-test-"));
}, 300_000);

afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

// Once, in API-key mode, with a gcloud that is started anew each time, and with
// Ctrl-C in the middle: test/deep/start-once.test.ts.
describe("npm start", () => {
  test("stays up until Ctrl-C, which leaves no process and no file", async () => {
    const rehearsal = startRehearsal(scratch, []);
    await rehearsal.says("Up until Ctrl-C.");
    const [, url = ""] = /Base URL {2}(\S+)/.exec(rehearsal.output()) ?? [];
    const [, key = ""] = /API key {3}(\S+)/.exec(rehearsal.output()) ?? [];
    const response = await fetch(`${url}/models`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(response.status).toBe(200);
    await response.arrayBuffer();
    rehearsal.pressCtrlC();
    expect(await rehearsal.exitCode).toBe(0);
    await expect(fetch(`${url}/models`)).rejects.toThrow("fetch failed");
    expect(await listLeftovers(scratch)).toEqual([]);
  }, 120_000);

  test("refuses a mode that does not exist", async () => {
    const rehearsal = startRehearsal(scratch, ["--mode=openai"]);
    expect(await rehearsal.exitCode).toBe(2);
    expect(rehearsal.output()).toContain("expected vertex or apikey");
  });
});
