import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../../../emulator/emulator.ts";
import { geminiOf, noFaults } from "../../../../emulator/apis/gemini/state.ts";
import { CHAT_MODEL, prompt } from "../../../support/gemini.ts";
import { callRest } from "../../../support/rest.ts";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
});

afterAll(() => emulator.close());

const call = (model = CHAT_MODEL, changes: object = {}) =>
  fetch(`${emulator.url}/v1beta/models/${model}:generateContent`, {
    method: "POST",
    headers: { "x-goog-api-key": emulator.geminiApiKey },
    body: JSON.stringify(prompt("x", changes)),
  });

const FAULTS = "/emulator/gemini/faults";

const setFaults = (faults: object) => callRest(emulator, "PUT", FAULTS, faults);

beforeEach(() => {
  geminiOf(emulator.cloud).faults = noFaults();
});

describe("another process can make Gemini", () => {
  it("fail as often as it says, for the models that it names", async () => {
    await setFaults({ status: 429, count: 2, models: [CHAT_MODEL] });
    expect((await call("gemini-3.5-flash")).status).toBe(200);
    const failed = await call();
    expect(failed.status).toBe(429);
    expect(await failed.json()).toMatchObject({
      error: { code: 429, status: "RESOURCE_EXHAUSTED" },
    });
    expect((await call()).status).toBe(429);
    expect((await call()).status).toBe(200);
  });

  it("fail until it is told to stop", async () => {
    await setFaults({ status: 503 });
    for (let i = 0; i < 3; i++) expect((await call()).status).toBe(503);
    await callRest(emulator, "DELETE", FAULTS);
    expect((await call()).status).toBe(200);
  });

  it("slow", async () => {
    await setFaults({ delayMs: 200 });
    const before = performance.now();
    await call();
    expect(performance.now() - before).toBeGreaterThanOrEqual(199);
  });

  it("refuse sampling parameters, as Google announced for its newer models", async () => {
    const warm = { generationConfig: { temperature: 1 } };
    expect((await call(CHAT_MODEL, warm)).status).toBe(200);
    await setFaults({ refuseSampling: true });
    expect((await call(CHAT_MODEL, warm)).status).toBe(400);
    expect((await call(CHAT_MODEL)).status).toBe(200);
    expect((await call("gemini-3.5-flash", warm)).status).toBe(200);
  });

  it("do nothing that it does not know", async () => {
    const refused = await setFaults({ statuss: 429 });
    expect(refused.status).toBe(400);
    expect(refused.message).toContain("statuss");
  });
});
