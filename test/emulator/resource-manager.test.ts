import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestEmulator, type TestEmulator } from "../support/emulator.ts";

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator();
});
afterAll(() => emulator.close());

describe("a project", () => {
  it("exists from the start and is described by gcloud", async () => {
    const { stdout, stderr, exitCode } = await emulator.gcloud([
      "projects",
      "describe",
      emulator.projectId,
      "--format=json",
    ]);
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ projectId: "demo-litellm" });
  });
});
