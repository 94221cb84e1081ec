import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureLitellm } from "../../emulator/machine/litellm/environment.ts";
import { listLeftovers, startRehearsal } from "../support/rehearsal.ts";
import { coldPath } from "../support/warm-gcloud/cold-path.ts";

let scratch: string;

beforeAll(async () => {
  await ensureLitellm(() => undefined);
  scratch = await mkdtemp(path.join(tmpdir(), "litellm-start-test-"));
}, 300_000);

afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

test("npm start --once ends with an answer in API-key mode, and removes everything", async () => {
  const rehearsal = startRehearsal(scratch, ["--once", "--mode=apikey"], {
    PATH: coldPath(),
  });
  expect(await rehearsal.exitCode).toBe(0);
  expect(rehearsal.output()).toMatch(/Answered: .*gemini-3\.5-flash/);
  expect(rehearsal.output()).toContain("Delete secret litellm-gemini-key");
  expect(rehearsal.output()).not.toMatch(/AIza[\w-]{20}/);
  expect(await listLeftovers(scratch)).toEqual([]);
}, 120_000);

test("npm start leaves nothing when Ctrl-C comes in the middle of the deploy", async () => {
  const rehearsal = startRehearsal(scratch, []);
  await rehearsal.says("Deploy revision");
  rehearsal.pressCtrlC();
  expect(await rehearsal.exitCode).toBe(130);
  expect(await listLeftovers(scratch)).toEqual([]);
}, 120_000);
