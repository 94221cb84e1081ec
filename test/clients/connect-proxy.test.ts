import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { geminiOf } from "../../emulator/apis/gemini/state.ts";
import { neutralEnvironment } from "../support/environment.ts";
import { scriptCommand } from "../support/quick-scripts/script-command.ts";
import { AGENTS } from "./agents.ts";
import { type ClientGateway, startClientGateway } from "./gateway.ts";

let gateway: ClientGateway;
beforeAll(async () => {
  gateway = await startClientGateway(undefined, "ACCESS=iam");
}, 300_000);
afterAll(() => gateway.close());

const CLIENT = "claude-code";
const TOKEN_SECONDS = 8;

test("a coding agent works through connect --proxy over the ends of its tokens, until Ctrl-C, and nothing is left on disk", async () => {
  const { emulator, home, workspace } = gateway;
  const { cloud } = emulator;
  const { command = "", prompt } = AGENTS[CLIENT] ?? {};
  const note = path.join(home, "note.txt");
  await writeFile(note, "the secret ingredient is salt\n");
  const own = path.join(home, "of-the-proxy");
  await mkdir(own);
  const direct = await fetch(
    emulator.serviceUrl("us-central1", "litellm-proxy"),
  );
  expect(direct.status).toBe(403);

  cloud.identityTokenSeconds = TOKEN_SECONDS;
  const script = scriptCommand("connect.ts", ["local", "--proxy", "--port=0"]);
  const proxy = spawn(script.command, script.args, {
    cwd: workspace.directory,
    env: {
      ...neutralEnvironment(),
      ...emulator.env,
      ...script.env,
      HOME: own,
      TMPDIR: own,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const printed = createInterface(proxy.stdout);
    const [url] = (await once(printed, "line")) as [string];
    const held = new Set(cloud.identityTokens.keys());
    // So slow a model outlives the token with which it was asked, in each of a turn's calls.
    geminiOf(cloud).faults.delayMs = (TOKEN_SECONDS + 1) * 1000;
    const used = await gateway.runAs(
      "claude",
      CLIENT,
      `${command} '${prompt?.(note) ?? ""}' < /dev/null`,
      [`--port=${new URL(url).port}`],
    );
    expect(used.stdout, used.stderr).toContain("the secret ingredient is salt");
    const renewed = [...cloud.identityTokens.keys()].filter(
      (token) => !held.has(token),
    );
    expect(renewed).not.toEqual([]);
  } finally {
    proxy.kill("SIGINT");
  }
  expect(await once(proxy, "exit")).toEqual([130, null]);
  expect(await readdir(own)).toEqual([]);
}, 600_000);
