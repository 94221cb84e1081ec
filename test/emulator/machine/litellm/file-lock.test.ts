import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { withFileLock } from "../../../../emulator/machine/litellm/file-lock.ts";

let directory: string;
let lock: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "file-lock-test-"));
  lock = path.join(directory, "lock");
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const noWait = () => {
  throw new Error("waited");
};

it("lets one in after the other and tells who is waited for", async () => {
  const events: string[] = [];
  const entered = Promise.withResolvers<undefined>();
  const waited = Promise.withResolvers<undefined>();
  const first = withFileLock(lock, noWait, async () => {
    events.push("first in");
    entered.resolve(undefined);
    await waited.promise;
    events.push("first out");
  });
  await entered.promise;
  const second = withFileLock(
    lock,
    (pid) => {
      events.push(`waiting for ${pid}`);
      waited.resolve(undefined);
    },
    () => {
      events.push("second in");
      return Promise.resolve();
    },
  );
  await Promise.all([first, second]);
  expect(events).toEqual([
    "first in",
    `waiting for ${process.pid}`,
    "first out",
    "second in",
  ]);
  expect(readdirSync(directory)).toEqual([]);
});

it("takes over the lock of a process that is gone", async () => {
  const { pid } = spawnSync("true");
  writeFileSync(lock, String(pid));
  const result = await withFileLock(lock, noWait, () => Promise.resolve("in"));
  expect(result).toBe("in");
});

it("is free again after a failure", async () => {
  const failing = withFileLock(lock, noWait, () =>
    Promise.reject(new Error("failed inside")),
  );
  await expect(failing).rejects.toThrow("failed inside");
  await withFileLock(lock, noWait, () => Promise.resolve());
});
