import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureLitellm } from "../../emulator/machine/litellm/environment.ts";
import { neutralEnvironment } from "../support/environment.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

let scratch: string;

beforeAll(async () => {
  await ensureLitellm(() => undefined);
  scratch = await mkdtemp(path.join(tmpdir(), "litellm-rehearse-test-"));
}, 300_000);

afterAll(() => rm(scratch, { recursive: true, force: true }));

function rehearse(...args: string[]) {
  const child = spawn(
    process.execPath,
    [
      "--import",
      "./launch.js",
      path.join(ROOT, "emulator/bin/rehearse/main.ts"),
      ...args,
    ],
    {
      cwd: ROOT,
      env: { ...neutralEnvironment(), TMPDIR: scratch },
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  let output = "";
  child.stderr.on("data", (chunk: Buffer) => {
    output += chunk.toString("utf8");
  });
  const closed = once(child, "close") as Promise<[number | null]>;
  return {
    says: async (text: string) => {
      while (!output.includes(text)) await once(child.stderr, "data");
    },
    pressCtrlC: () => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
    },
    ended: closed.then(([exitCode]) => ({ exitCode, output })),
  };
}

async function listLeftovers(): Promise<string[]> {
  const names = await readdir(scratch);
  return names.filter((name) => /^(litellm-|cloud-run|build-)/.test(name));
}

test("promotes two pushes, stops two broken ones, and no client sees a failure", async () => {
  const { exitCode, output } = await rehearse("--stand-in").ended;
  expect(output).toMatch(
    /^1 the first release +success +serves +serves +serves$/m,
  );
  expect(output).toMatch(
    /^2 a changed config +success +serves +10 %, verify$/m,
  );
  expect(output).toMatch(
    /^2 a changed config +success +serves +serves +serves$/m,
  );
  expect(output).toMatch(/^3 broken everywhere +failure +rolled back$/m);
  expect(output).toMatch(
    /^4 broken in prod-us +success +serves +rolled back$/m,
  );
  expect(output).toMatch(/^[1-9]\d{2,} requests answered, 0 failed\.$/m);
  expect(exitCode).toBe(0);
  expect(await listLeftovers()).toEqual([]);
}, 300_000);

test("leaves nothing when Ctrl-C comes in the middle", async () => {
  const run = rehearse("--stand-in");
  await run.says("working");
  run.pressCtrlC();
  expect((await run.ended).exitCode).toBe(130);
  expect(await listLeftovers()).toEqual([]);
});

test("refuses an option that does not exist", async () => {
  const { exitCode, output } = await rehearse("--real").ended;
  expect(exitCode).toBe(2);
  expect(output).toContain("npm run rehearse -- --help");
});
