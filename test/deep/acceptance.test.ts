import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { makeCheckout } from "../../emulator/bin/rehearse/checkout.ts";
import { DEVELOPER } from "../../emulator/emulator.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { takeInventory } from "../support/inventory.ts";
import { shrinkConfigs } from "../support/small-config.ts";
import { makeWorkspace } from "../support/workspace.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const LASTS = 1_200_000;

let emulator: TestEmulator;

afterEach(() => emulator.close());

/** The report of a run that passes. */
async function accept(cwd: string, env: string, ...args: string[]) {
  const { exitCode, stderr } = await emulator.run(
    process.execPath,
    [
      ...["--import", path.join(ROOT, "launch.js")],
      ...[path.join(ROOT, "tools/acceptance.ts"), env],
      ...[`--confirm=${env}`, ...args],
    ],
    { cwd },
  );
  expect(stderr).toContain("The report");
  const report = await readFile(path.join(cwd, `acceptance-${env}.md`), "utf8");
  expect(exitCode, report).toBe(0);
  expect(report).toContain("0 refuted");
  expect(report).not.toContain("demo-");
  expect(report).not.toMatch(/sk-\w/);
  expect(takeInventory(emulator)).toMatchObject({
    accounts: [],
    secrets: [],
    services: [],
  });
}

test(
  "a first user's days go as rehearsed, and leave nothing",
  async () => {
    // The real LiteLLM: its verification asks in every protocol.
    emulator = await startTestEmulator({ longestWait: 100 });
    const workspace = await makeWorkspace(emulator);
    await accept(workspace.directory, "local");
    await workspace.remove();
  },
  LASTS,
);

test(
  "so does the way to production",
  async () => {
    emulator = await startTestEmulator({
      litellm: "stand-in",
      longestWait: 100,
    });
    const scratch = await mkdtemp(path.join(tmpdir(), "acceptance-"));
    const { directory, edit } = await makeCheckout(path.join(scratch, "clone"));
    await shrinkConfigs(path.join(directory, "config"));
    emulator.cloud.createProject("demo-prod", DEVELOPER);
    const unset = "#PROJECT_ID=my-project";
    await edit("envs/dev.env", unset, "PROJECT_ID=demo-litellm");
    await edit("envs/prod-us.env", unset, "PROJECT_ID=demo-prod");
    await edit("envs/prod-eu.env", unset, "PROJECT_ID=demo-prod");
    await accept(directory, "dev", "--pipeline");
    await rm(scratch, { recursive: true, force: true });
  },
  LASTS,
);
