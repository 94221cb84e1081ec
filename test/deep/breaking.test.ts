import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Exchange } from "../../emulator/core/exchange.ts";
import {
  type BreakingProxy,
  breakFirst,
  startBreakingProxy,
} from "../support/breaking-proxy.ts";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "../support/emulator.ts";
import { isWrite } from "../support/inventory.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

const SERVICE = /^GET .*\/services\/litellm-proxy$/;

let emulator: TestEmulator;
let workspace: Workspace;
/** Between everything and the emulator. */
let proxy: BreakingProxy;
let onExchange: (exchange: Exchange) => Promise<void> = () => Promise.resolve();

beforeAll(async () => {
  emulator = await startTestEmulator({
    litellm: "stand-in",
    record: (exchange) => onExchange(exchange),
  });
  workspace = await makeWorkspace(emulator);
  proxy = await startBreakingProxy(emulator.url);
});

afterEach(() => {
  proxy.breakWith(() => undefined);
});

afterAll(async () => {
  await proxy.close();
  await emulator.close();
  await workspace.remove();
});

function run(
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Finished> {
  const secretmanager = "http://secretmanager.googleapis.com/";
  return workspace.script(script, args, {
    env: {
      CLOUDSDK_PROXY_PORT: String(proxy.port),
      CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER: secretmanager,
      ...env,
    },
  });
}

test("a deploy whose last read alone fails says that the change was made", async () => {
  const asked = (): boolean =>
    emulator.lines.some((l) => l.startsWith("gemini "));
  proxy.breakWith((line) =>
    SERVICE.test(line) && asked() ? { status: 503 } : undefined,
  );
  const deploy = await run("deploy.ts", ["local"], {
    GOOGLE_RETRY_SECONDS: "1",
  });
  expect(deploy.stderr).toContain(
    "error: all steps are done and hold; only reading what came of them failed: reading us-central1-run.googleapis.com",
  );
  expect(deploy.stderr).toContain("Nothing has to be done again.");
  expect(deploy.exitCode).toBe(1);
});

test("reads of which each fifth breaks change nothing", async () => {
  let count = 0;
  const faults = [{ status: 503 }, "reset", { status: 429 }, "half"] as const;
  proxy.breakWith(() => {
    count += 1;
    return count % 5 === 0 ? faults[(count / 5) % 4] : undefined;
  });
  const before = emulator.exchanges.length;
  const again = await run("deploy.ts", ["local"]);
  expect(again.stderr).toContain("Nothing to do");
  expect(again.exitCode).toBe(0);
  expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
});

test("where Google does not answer for long, it is told what goes on", async () => {
  proxy.breakWith(breakFirst(4, SERVICE, { status: 503 }));
  const again = await run("deploy.ts", ["local"]);
  expect(again.stderr).toContain(
    "us-central1-run.googleapis.com answers 503; trying again for up to 60 s (GOOGLE_RETRY_SECONDS)",
  );
  expect(again.exitCode).toBe(0);
});

test("a verification ends at once where the service is deleted under it", async () => {
  onExchange = async ({ path }) => {
    if (!path.includes("litellm-config") || !path.includes(":access")) return;
    onExchange = () => Promise.resolve();
    await emulator.gcloud([
      ...["run", "services", "delete", "litellm-proxy"],
      ...["--region=us-central1", "--quiet"],
    ]);
  };
  const began = performance.now();
  const verify = await run("verify.ts", ["local", "--quick"]);
  expect(verify.stderr).toContain("FAIL");
  expect(verify.stderr).toContain("somebody deleted service litellm-proxy");
  expect(verify.exitCode).toBe(1);
  expect(performance.now() - began).toBeLessThan(20_000);
});
