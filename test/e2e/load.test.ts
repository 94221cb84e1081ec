import { expect, test } from "vitest";
import { runProcess } from "../support/emulator.ts";
import { scriptCommand } from "../support/quick-scripts/script-command.ts";

test.each([
  [["--concurrency=many"], "error: --concurrency=many: expected 1 to 500\n"],
  [["--latency=2s"], "error: --latency goes with --rate\n"],
])("%j is refused before gcloud is asked", async (args, words) => {
  const { command, ...script } = scriptCommand("load.ts", ["dev", ...args]);
  const env = { ...script.env, PATH: "/nowhere" };
  const run = await runProcess(command, script.args, { env });
  expect(run.stderr).toContain(words);
  expect(run.exitCode).toBe(2);
});

test("a report is looked for where the command was called", async () => {
  const args = ["dev", "--report=reports/load.html"];
  const { command, ...script } = scriptCommand("load.ts", args);
  const env = { ...script.env, LITELLM_CLOUDRUN_FROM: "/elsewhere" };
  const run = await runProcess(command, script.args, { env });
  expect(run.stderr).toContain("there is no directory /elsewhere/reports");
  expect(run.exitCode).toBe(2);
});
