import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestEmulator, type TestEmulator } from "../support/emulator.ts";

/** Longer than the first waits of a deploy together, so that it comes back more than once. */
const DELAY_MS = 12_000;

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator({
    litellm: "stand-in",
    propagation: DELAY_MS,
  });
});

afterAll(() => emulator.close());

it(
  "a first deploy waits for what Google has not seen everywhere yet, and is done",
  {
    timeout: 480_000,
  },
  async () => {
    const { exitCode, stderr } = await emulator.run("npx", [
      ...["tsx", "scripts/deploy.ts", "local", "--yes"],
    ]);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain("Google has not seen a new account");
  },
);
