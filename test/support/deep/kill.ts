import { setTimeout } from "node:timers/promises";
import { type Call, type Judge } from "../gate.ts";
import { startClients } from "./clients.ts";
import type { Trial } from "./commands.ts";
import { pick } from "./lanes.ts";
import {
  listDifferences,
  listRevisions,
  listServing,
  takeSnapshot,
} from "./snapshot.ts";
import {
  type Ended,
  type Scene,
  type Stage,
  openStage,
  settleServices,
} from "./stage.ts";

/** Where a command is ended. */
export interface KillPoint {
  signal: NodeJS.Signals;
  /** `before`: the call never reaches Google. `after`: it was answered, and nobody heard it. */
  side: "before" | "after";
  of: "write" | "read";
  /** Which one of them, from 0. */
  index: number;
  /** Counts only those whose method and path are so. */
  matching?: RegExp;
}

/** What a command does and leaves when nothing disturbs it. */
export interface Undisturbed {
  writes: string[];
  reads: string[];
  once: Ending;
  /** What a second run leaves, as the new command that it is. */
  twice: Ending;
}

interface Ending {
  end: number | string;
  snapshot: string[];
}

export interface Walked {
  point: KillPoint;
  /** The call at which it was ended; undefined where the run never came to it. */
  call: string | undefined;
  /** What differs from the undisturbed run; empty where it converged. */
  differences: string[];
  requests: number;
  failures: string[];
}

/** Method and path, without what is new at each run. */
export function describeCall({ method, url }: Call): string {
  const { hostname, pathname } = new URL(url);
  const api = hostname.replace(".googleapis.com", "");
  return `${method} ${api}${decodeURIComponent(pathname)}`
    .replace(/^(\w+ \S*?\/)(projects|namespaces)\/demo-litellm(?=[/:])/, "$1…")
    .replace(/(proxy|prod)-[0-9a-z]{7}(?=$|[:/])/, "$1-ATTEMPT")
    .replace(/operations\/[0-9a-f-]{36}/, "operations/ID")
    .replace(/\b\d{10}\.\d+-[0-9a-f]{32}/, "UPLOAD");
}

export async function runUndisturbed(
  trial: Trial,
  scene: Scene,
): Promise<Undisturbed> {
  const stage = await openStage(scene);
  const writes: string[] = [];
  const reads: string[] = [];
  const command = trial.command(stage);
  try {
    stage.judge = async (call, passOn) => {
      const answer = await passOn();
      (call.isWrite ? writes : reads).push(describeCall(call));
      return answer;
    };
    const first = await stage.start(command).ended;
    const once = await see(stage, first);
    if (first.end !== 0) throw new Error(`${trial.name}: ${first.stderr}`);
    stage.judge = (_, passOn) => passOn();
    const second = await stage.start(command).ended;
    const twice = await see(stage, second);
    return { writes, reads, once, twice };
  } finally {
    await stage.close();
  }
}

/** Both sides of every write by SIGKILL, a few reads, and the signals that a process may catch. */
export function listPoints(
  { writes, reads }: Undisturbed,
  random: () => number,
  sample = Infinity,
): KillPoint[] {
  const at = (
    signal: NodeJS.Signals,
    side: KillPoint["side"],
    of: KillPoint["of"],
    index: number,
  ): KillPoint => ({ signal, side, of, index });
  const atWrites = writes.flatMap((_, index) => [
    at("SIGKILL", "before", "write", index),
    at("SIGKILL", "after", "write", index),
  ]);
  const atReads = pick([...reads.keys()], 3, random).map((index) =>
    at("SIGKILL", "after", "read", index),
  );
  const signals = (["SIGTERM", "SIGINT", "SIGHUP"] as const).map((signal) => {
    const [index = 0] = pick([...writes.keys()], 1, random);
    return at(signal, "after", "write", index);
  });
  const all = [...atWrites, ...atReads, ...signals];
  if (sample >= all.length) return all;
  // Both sides of the last write are never left out: there a command is complete.
  const last = atWrites.slice(-2);
  const others = all.filter((point) => !last.some((p) => p === point));
  return [...pick(others, sample - last.length, random), ...last];
}

/** Ends the command at the point, runs it again, and compares. */
export async function walk(
  trial: Trial,
  scene: Scene,
  undisturbed: Undisturbed,
  point: KillPoint,
): Promise<Walked> {
  const stage = await openStage(scene);
  try {
    const { cloud } = stage.emulator;
    const command = trial.command(stage);
    const before = listRevisions(cloud);
    const clients = startClients(stage);
    const { call } = await runKilled(stage, command, point);
    await settleServices(stage);
    // Told by the cloud, not by counting: a gcloud that outlives the signal for a moment repeats a write without an answer.
    const isComplete =
      listDifferences(takeSnapshot(cloud), undisturbed.once.snapshot).length ===
      0;
    const made = listRevisions(cloud).filter((name) => !before.includes(name));
    const again = await stage.start(command).ended;
    const ending = await see(stage, again);
    const { requests, failures } = await clients.stop();
    const served = trial.name !== "clean";
    // What is run on a complete one is a new command.
    const differences =
      call === undefined
        ? ["the run ended before it came there"]
        : compare(
            ending,
            again,
            isComplete ? undisturbed.twice : undisturbed.once,
          );
    const [serving = ""] = listServing(cloud);
    const [candidate] = made;
    if (
      candidate !== undefined &&
      served &&
      !isComplete &&
      !made.some((name) => serving.startsWith(`${name} `))
    ) {
      differences.push(
        `${candidate} was made by the killed run, ${serving} serves`,
      );
    }
    if (isComplete && isAnother(undisturbed)) {
      differences.push(...missingWords(again));
    }
    if (served && failures.length > 0) {
      const some = [...new Set(failures)].join(", ");
      differences.push(`clients: ${failures.length} not answered (${some})`);
    }
    return { point, call, differences, requests, failures };
  } finally {
    await stage.close();
  }
}

export interface Killed {
  /** The call at which it was ended; undefined where the run never came to it. */
  call: string | undefined;
}

/** Runs the command until the point. */
export async function runKilled(
  stage: Stage,
  command: Parameters<Stage["start"]>[0],
  { signal, side, of, index, matching = /(?:)/ }: KillPoint,
): Promise<Killed> {
  let at: string | undefined;
  let isDead = false;
  let count = 0;
  const judge: Judge = async (call, passOn) => {
    if (isDead) return undefined;
    const isOurs =
      call.isWrite === (of === "write") && matching.test(describeCall(call));
    if (at !== undefined || !isOurs || count++ !== index) return passOn();
    at = describeCall(call);
    isDead = signal === "SIGKILL";
    if (side === "after") await passOn();
    running.signal(signal);
    // Whoever catches the signal may still write; this call is not answered.
    await Promise.race([call.gone.catch(() => undefined), setTimeout(5000)]);
    return undefined;
  };
  stage.judge = judge;
  const running = stage.start(command);
  await running.ended;
  // What the script left running, gcloud say, ends with it.
  running.signal("SIGKILL");
  stage.judge = (_, passOn) => passOn();
  return { call: at };
}

/** A second run is another command: it does something more. */
function isAnother({ once, twice }: Undisturbed): boolean {
  return (
    listDifferences(twice.snapshot, once.snapshot).length > 0 ||
    twice.end !== once.end
  );
}

/** A new command first says what was completed, when and by whom. */
function missingWords({ stderr }: Ended): string[] {
  const said =
    stderr.includes("developer@example.com") && /\d{4}-\d\d-\d\d/.test(stderr);
  return said ? [] : ["it does not say what was completed, when and by whom"];
}

function compare(
  { end, snapshot }: Ending,
  { stderr }: Ended,
  wanted: Ending,
): string[] {
  const differences = listDifferences(snapshot, wanted.snapshot);
  if (end !== wanted.end) {
    const words = /^(error: .*|.*This is a bug.*)$/m.exec(stderr)?.[0];
    differences.unshift(
      `exit ${String(end)} instead of ${String(wanted.end)}: ${words ?? ""}`,
    );
  }
  if (stderr.includes("This is a bug")) differences.push("a bug: stack");
  return differences;
}

async function see(stage: Stage, { end }: Ended): Promise<Ending> {
  await settleServices(stage);
  return { end, snapshot: takeSnapshot(stage.emulator.cloud) };
}

/** `redeploy SIGKILL before write 3 (PUT run/…)`. */
export function formatPoint(
  name: string,
  { point, call }: Pick<Walked, "point" | "call">,
): string {
  const { signal, side, of, index } = point;
  return `${name}: ${signal} ${side} ${of} ${index + 1} (${call ?? "not reached"})`;
}
