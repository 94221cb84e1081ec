import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ensureLitellm } from "../../emulator/machine/litellm/environment.ts";
import { findFreePort } from "../../emulator/machine/runtime/ports.ts";
import { INSTANCE_LAUNCHER } from "./cores.ts";
import { vertexUrl } from "./client.ts";
import type { Lab } from "./lab.ts";
import { MASTER_KEY } from "./setup.ts";

const PROGRAM = path.join(import.meta.dirname, "pass-through.py");

/** The peer: on the instances' core, with LiteLLM's own Python and packages, asked without Google's front end. */
export async function withPassThrough<T>(
  lab: Lab,
  use: (passing: { url: string }) => Promise<T>,
): Promise<T> {
  const { python } = await ensureLitellm(() => undefined);
  const port = await findFreePort();
  const args = [PROGRAM, String(port), vertexUrl(lab)];
  const [command = "", ...rest] = [...INSTANCE_LAUNCHER, python, ...args];
  const child = spawn(command, rest, {
    env: { GEMINI_TOKEN: lab.token, GATEWAY_KEY: MASTER_KEY },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = once(child, "exit");
  const url = `http://127.0.0.1:${port}`;
  try {
    await answered(`${url}/ready`, child);
    return await use({ url });
  } finally {
    child.kill();
    await ended;
  }
}

async function answered(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const ready = fetch(url).then(({ ok }) => ok);
    if (await ready.catch(() => false)) return;
    await delay(100);
  }
  throw new Error("the bare pass-through ended at its start");
}
