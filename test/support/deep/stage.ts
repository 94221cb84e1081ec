import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { deliveryOf } from "../../../emulator/apis/cloud-deploy/state.ts";
import { geminiOf } from "../../../emulator/apis/gemini/state.ts";
import { runOf } from "../../../emulator/apis/run/state.ts";
import { DEVELOPER } from "../../../emulator/emulator.ts";
import { toWrite } from "../../upgrade/recorder.ts";
import type { Write } from "../../upgrade/recording.ts";
import { replayWrites } from "../../upgrade/replay.ts";
import { KEYS, TOOLS } from "../../upgrade/stories.ts";
import { type TestEmulator, startTestEmulator } from "../emulator.ts";
import { neutralEnvironment } from "../environment.ts";
import { type Judge, openGate } from "../gate.ts";
import { scriptCommand } from "../quick-scripts/script-command.ts";
import { type Workspace, makeWorkspace } from "../workspace.ts";

/** What is typed: a script with its arguments, and what the shell holds. */
export interface TypedCommand {
  script: string;
  args: readonly string[];
  env?: Record<string, string>;
  /** Until it is ended; a minute unless told otherwise. */
  patienceMs?: number;
}

export interface Ended {
  stdout: string;
  stderr: string;
  /** A number, or the signal's name; `too long` where it had to be ended. */
  end: number | string;
  seconds: number;
}

export interface Running {
  /** To the script and whatever it has started. */
  signal: (name: NodeJS.Signals) => void;
  ended: Promise<Ended>;
}

/** An emulated Google behind a gate, and an operator's files. */
export interface Stage {
  emulator: TestEmulator;
  workspace: Workspace;
  /** What the gate does with calls from now on. */
  judge: Judge;
  start: (command: TypedCommand) => Running;
  close: () => Promise<void>;
}

/** The states that commands are tried in can be had again and again. */
export interface Scene {
  writes: readonly Write[];
  /** Where the operator's files are kept. */
  files: string;
  close: () => Promise<void>;
}

export const GEMINI_KEY = KEYS.gemini[0] ?? "";
/** Of what a pipeline's commands read from the shell. */
export const BUILD_ENV = {
  COMMIT_SHA: "1".repeat(40),
  TOOLS_IMAGE: TOOLS,
  LITELLM_MASTER_KEY: KEYS.master[0] ?? "",
};

const PROD = "demo-prod";
const VERIFY = fileURLToPath(
  new URL("../verify-container.ts", import.meta.url),
);
const FOLDERS = ["config", "envs"];

const passAll: Judge = (_, passOn) => passOn();

export async function openStage(scene?: Scene): Promise<Stage> {
  const emulator = await startTestEmulator({
    litellm: "stand-in",
    scripts: { [TOOLS]: VERIFY },
    longestWait: 100,
  });
  emulator.cloud.createProject(PROD, DEVELOPER);
  for (const key of KEYS.gemini) geminiOf(emulator.cloud).apiKeys.add(key);
  const workspace = await makeWorkspace(emulator);
  if (scene !== undefined) {
    await replayWrites(scene.writes, emulator);
    await cp(scene.files, workspace.directory, { recursive: true });
  }
  const gate = await openGate(emulator.url, emulator.env, (call, passOn) =>
    stage.judge(call, passOn),
  );
  const stage: Stage = {
    emulator,
    workspace,
    judge: passAll,
    start: (command) => start(command, workspace.directory, gate.env),
    close: async () => {
      gate.close();
      await emulator.close();
      await workspace.remove();
    },
  };
  return stage;
}

/** Plays what comes before once, and keeps what it wrote. */
export async function buildScene(
  prepare: (stage: Stage) => Promise<void>,
): Promise<Scene> {
  const stage = await openStage();
  const files = await mkdtemp(path.join(tmpdir(), "litellm-scene-"));
  const writes: Write[] = [];
  stage.judge = async (call, passOn) => {
    const answer = await passOn();
    if (call.isWrite && answer.status < 300) writes.push(toWrite(call));
    return answer;
  };
  try {
    await prepare(stage);
    for (const folder of FOLDERS) {
      const from = path.join(stage.workspace.directory, folder);
      await cp(from, path.join(files, folder), { recursive: true });
    }
  } finally {
    await stage.close();
  }
  const close = () => rm(files, { recursive: true, force: true });
  return { writes, files, close };
}

/** A run that must succeed. */
export async function succeed(
  stage: Stage,
  command: TypedCommand,
): Promise<Ended> {
  const ended = await stage.start(command).ended;
  if (ended.end !== 0) {
    const line = [command.script, ...command.args].join(" ");
    throw new Error(`${line}: ${String(ended.end)} ${ended.stderr}`);
  }
  return ended;
}

/** Until nothing starts any more by itself, rollouts that automations make included. */
export async function settleServices({ emulator }: Stage): Promise<void> {
  for (const project of emulator.cloud.projects.values()) {
    for (const service of runOf(project).services.values()) {
      await service.settling;
    }
  }
  const { rollouts } = deliveryOf(emulator.cloud);
  const end = performance.now() + 30_000;
  let quietSince = performance.now();
  while (rollouts.size > 0 && performance.now() < end) {
    const isBusy = [...rollouts.values()].some(({ state }) =>
      /^(PENDING|PENDING_RELEASE|IN_PROGRESS)$/.test(state),
    );
    if (isBusy) quietSince = performance.now();
    // Longer than an automation waits.
    if (performance.now() - quietSince > 500) return;
    await setTimeout(50);
  }
}

function start(
  { script, args, env: shell, patienceMs = 60_000 }: TypedCommand,
  cwd: string,
  env: Record<string, string>,
): Running {
  const { command, args: all, env: own } = scriptCommand(script, args);
  const begun = performance.now();
  const child = spawn(command, all, {
    cwd,
    env: { ...neutralEnvironment(), ...env, ...own, ...shell },
    // A process group of its own: a signal reaches gcloud too.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const signal = (name: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  };
  let tooLong = false;
  const timer = globalThis.setTimeout(() => {
    tooLong = true;
    signal("SIGKILL");
  }, patienceMs);
  const finish = async (): Promise<Ended> => {
    const [stdout, stderr, [code, by]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close") as Promise<[number | null, string | null]>,
    ]);
    clearTimeout(timer);
    const end = tooLong ? "too long" : (code ?? by ?? "unknown");
    const seconds = (performance.now() - begun) / 1000;
    return { stdout, stderr, end, seconds };
  };
  return { signal, ended: finish() };
}
