import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";
import { startTestRuntime } from "../../../support/runtime.ts";

const DOOMED = fileURLToPath(
  new URL("../../../support/doomed-emulator.ts", import.meta.url),
);

it.each(["SIGKILL", "SIGINT"] as const)(
  "leaves no container and no secret when the emulator is ended by %s",
  async (signal) => {
    const emulator = spawn(process.execPath, ["--import", "tsx", DOOMED], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface(emulator.stdout), "line")) as [
      string,
    ];
    const { url, secret } = JSON.parse(line) as Record<string, string>;
    expect(existsSync(secret ?? "")).toBe(true);
    expect((await fetch(url ?? "")).status).toBe(200);
    emulator.kill(signal);
    await vi.waitFor(
      async () => {
        await expect(fetch(url ?? "")).rejects.toThrow("fetch failed");
        expect(existsSync(path.resolve(secret ?? "", "../../.."))).toBe(false);
      },
      { timeout: 5000, interval: 50 },
    );
  },
);

it("leaves no container and no secret when the runtime is closed", async () => {
  const test = await startTestRuntime();
  const { runtime } = test;
  const instance = await runtime.startInstance(test.spec());
  const starting = runtime.startInstance(
    test.spec({ env: { START: "deaf", K_REVISION: "x" } }),
  );
  starting.catch(() => undefined);
  const answer = await fetch(`${instance.url}/environment`);
  const { HOME } = (await answer.json()) as Record<string, string>;
  await runtime.close();
  await expect(fetch(instance.url)).rejects.toThrow("fetch failed");
  await expect(starting).rejects.toThrow("failed to start");
  expect(existsSync(path.dirname(HOME ?? ""))).toBe(false);
});
