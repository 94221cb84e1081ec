import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "../support/emulator.ts";
import { coldPath } from "../support/warm-gcloud/cold-path.ts";

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
});
afterAll(() => emulator.close());

function isWarm(): boolean {
  const found = execFileSync("sh", ["-c", "command -v gcloud"], {
    encoding: "utf8",
  });
  return found.startsWith(path.join(tmpdir(), "warm-gcloud-"));
}

describe.runIf(isWarm())("gcloud that is kept warm", () => {
  const call = (args: readonly string[], env = {}): Promise<Finished> =>
    emulator.gcloud(args, { input: "kind: Nonsense\n", env });

  it.each([
    [["config", "list", "--format=json"]],
    [["projects", "describe", "demo-litellm"]],
    [["secrets", "list"]],
    [["no-such-group"]],
    [["run", "services", "replace", "-", "--region=us-central1"]],
  ])("does what the cold one does: %j", async (args) => {
    const cold = await call(args, { PATH: coldPath() });
    expect(await call(args)).toEqual(cold);
    // By now the server has loaded the command.
    expect(await call(args)).toEqual(cold);
  });

  it("has the caller's directory", async () => {
    const read = (cwd: string) =>
      emulator.gcloud(
        ["run", "services", "replace", "package.json", "--region=us-central1"],
        { cwd },
      );
    const [there, elsewhere] = await Promise.all([read("."), read(tmpdir())]);
    expect(there.stderr).not.toContain("does not exist");
    expect(elsewhere.stderr).toMatch(/No such file|does not exist/);
  });

  it("ends by the caller's signals, and with the caller", async () => {
    const torn: string[] = [];
    const server = createServer((request) => {
      request.once("close", () => torn.push(request.url ?? ""));
      child?.kill(signals.shift());
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const signals: NodeJS.Signals[] = ["SIGTERM", "SIGKILL"];
    const call = () =>
      spawn("gcloud", ["projects", "describe", "demo-litellm"], {
        env: {
          ...process.env,
          ...emulator.env,
          CLOUDSDK_PROXY_PORT: String(port),
        },
        stdio: ["ignore", "pipe", "pipe"],
      });
    let child: ReturnType<typeof call> | undefined;
    const ends: unknown[] = [];
    for (const calls of [1, 2]) {
      child = call();
      await Promise.all([
        once(child, "close").then((end) => ends.push(end)),
        text(child.stderr),
      ]);
      await vi.waitFor(() => {
        expect(torn).toHaveLength(calls);
      });
    }
    server.close();
    await once(server, "close");
    expect(ends[1]).toEqual([null, "SIGKILL"]);
  });
});
