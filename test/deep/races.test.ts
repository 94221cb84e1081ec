import { setTimeout } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { runOf } from "../../emulator/apis/run/state.ts";
import { startClients } from "../support/deep/clients.ts";
import { type Trial, trial } from "../support/deep/commands.ts";
import { describeCall } from "../support/deep/kill.ts";
import { inLanes, randomFrom } from "../support/deep/lanes.ts";
import { say } from "../support/deep/say.ts";
import { listServing } from "../support/deep/snapshot.ts";
import {
  type Ended,
  type Scene,
  type Stage,
  type TypedCommand,
  buildScene,
  openStage,
  settleServices,
} from "../support/deep/stage.ts";
import { NOTHING, takeInventory } from "../support/inventory.ts";
import { SEED } from "../support/seed.ts";

const LANES = 2;
const COLLEAGUE = "user:colleague@example.com";
const LIMIT_MS = 60_000;

interface Pair {
  name: string;
  /** In whose state both begin. */
  from: Trial;
  runs: number;
  /** The developer's and the colleague's. */
  commands: readonly [TypedCommand, TypedCommand];
}

const json = "--json";
const deploy: TypedCommand = { script: "deploy.ts", args: ["local", json] };
const [one, other] = ["222", "333"].map((TIMEOUT): TypedCommand => ({
  ...deploy,
  env: { TIMEOUT },
})) as [TypedCommand, TypedCommand];
const rollback: TypedCommand = {
  script: "rollback.ts",
  args: ["local", "--yes", json],
};
const clean: TypedCommand = {
  script: "clean.ts",
  args: ["local", "--yes", json],
};

function pair(
  name: string,
  runs: number,
  from: string,
  ...commands: Pair["commands"]
): Pair {
  return { name, runs, from: trial(from), commands };
}

const PAIRS: readonly Pair[] = [
  pair("two redeploys of the same", 5, "redeploy", deploy, deploy),
  pair("two redeploys of another setting each", 5, "new key", one, other),
  pair("deploy beside rollback", 5, "rollback", other, rollback),
  pair("deploy beside clean", 5, "redeploy", deploy, clean),
  pair("rollback beside rollback", 5, "rollback", rollback, rollback),
];

const table = [
  "pair | runs | one won | both right | both failed | wrong | longest",
];
afterAll(() => {
  say(`races:\n${table.join("\n")}`);
});

/** The variables of somebody else who may do everything too. */
function asColleague({ emulator }: Stage): Record<string, string> {
  for (const project of emulator.cloud.projects.keys()) {
    emulator.addOwner(COLLEAGUE, project);
  }
  const env = emulator.envFor(COLLEAGUE);
  const names = [
    "CLOUDSDK_CONFIG",
    "CLOUDSDK_CORE_ACCOUNT",
    "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE",
  ];
  return Object.fromEntries(names.map((name) => [name, env[name] ?? ""]));
}

interface Raced {
  ended: readonly [Ended, Ended];
  wrong: string[];
}

async function race(
  scene: Scene,
  { commands }: Pair,
  staggerMs: number,
): Promise<Raced> {
  const stage = await openStage(scene);
  try {
    const colleague = asColleague(stage);
    const [mine, theirs] = commands;
    const calls: string[] = [];
    stage.judge = async (call, passOn) => {
      const answer = await passOn();
      calls.push(`${describeCall(call)} ${answer.status}`);
      return answer;
    };
    const clients = startClients(stage);
    const patienceMs = LIMIT_MS;
    const first = stage.start({ ...mine, patienceMs });
    await setTimeout(staggerMs);
    const second = stage.start({
      ...theirs,
      patienceMs,
      env: { ...theirs.env, ...colleague },
    });
    const ended = await Promise.all([first.ended, second.ended]);
    await settleServices(stage);
    const { failures } = await clients.stop();
    const wrong = judge(stage, commands, ended);
    if (ended.some(({ end }) => end === "too long")) {
      wrong.push(`the last calls: ${calls.slice(-6).join(", ")}`);
    }
    if (!commands.includes(clean) && failures.length > 0) {
      wrong.push(`clients: ${[...new Set(failures)].join(", ")}`);
    }
    // Whatever came of it, the next deploy ends well.
    const after = await stage.start(deploy).ended;
    if (after.end !== 0) wrong.push(`the deploy after it: ${words(after)}`);
    return { ended, wrong };
  } finally {
    await stage.close();
  }
}

function judge(
  { emulator }: Stage,
  commands: Pair["commands"],
  ended: readonly [Ended, Ended],
): string[] {
  const wrong: string[] = [];
  const winners = ended.filter(({ end }) => end === 0);
  const serving = listServing(emulator.cloud);
  if (winners.length === 0) wrong.push("both failed");
  for (const [index, run] of ended.entries()) {
    if (run.end === "too long") wrong.push("over 60 s");
    if (run.stderr.includes("This is a bug")) wrong.push("a stack");
    if (run.end === 0) continue;
    const rival = ended[1 - index];
    const names = [
      index === 0 ? "colleague@example.com" : "developer@example.com",
      // Who added a version of a secret stands in Google's audit log only.
      "gcloud logging read",
      ...(rival?.end === 0 ? [revisionOf(rival)] : []),
    ];
    const told = names.some((n) => n !== undefined && run.stderr.includes(n));
    if (!told) wrong.push(`mute loser: ${words(run)}`);
  }
  const cleaned = ended.some(
    (run, i) => commands[i] === clean && run.end === 0,
  );
  const made = winners.map(revisionOf).filter((name) => name !== undefined);
  if (serving.length === 0 && cleaned) {
    const { accounts, bindings, secrets, services } = takeInventory(emulator);
    const left = { accounts, bindings, secrets, services };
    if (JSON.stringify(left) !== JSON.stringify(NOTHING)) {
      wrong.push(`cleaned, and left ${JSON.stringify(left)}`);
    }
  } else if (winners.length > 0 && !cleaned) {
    const right = made.some((name) => serving.join() === `${name} 100`);
    if (!right) {
      wrong.push(`wrong success: ${made.join()} won, ${serving.join()} serves`);
    }
  } else if (cleaned && made.length === 0) {
    wrong.push(`wrong success: cleaned, and ${serving.join()} serves`);
  }
  for (const service of runOf(
    emulator.cloud.project("demo-litellm"),
  ).services.values()) {
    const ready = service.conditions.find(({ type }) => type === "Ready");
    if (!service.deleted && ready?.status !== "True" && winners.length > 0) {
      wrong.push(`the service is not ready: ${ready?.message ?? ""}`);
    }
  }
  return wrong;
}

function revisionOf({ stdout, end }: Ended): string | undefined {
  if (end !== 0 || stdout === "") return undefined;
  return (JSON.parse(stdout) as { revision?: string }).revision;
}

function words({ end, stderr }: Ended): string {
  if (end === 0) return "exit 0";
  const said = /^error: [^]*/m.exec(stderr)?.[0] ?? stderr.slice(-300);
  return `exit ${String(end)} ${said.replaceAll("\n", " ").slice(0, 300)}`;
}

describe("two commands at once", () => {
  test.each(PAIRS)(
    "have one winner, or both are right: $name",
    { timeout: 900_000 },
    async (pair) => {
      const scene = await buildScene(pair.from.prepare);
      try {
        const random = randomFrom(SEED);
        const staggers = Array.from({ length: pair.runs }, () =>
          Math.round(random() * 800),
        );
        const raced = await inLanes(LANES, staggers, async (staggerMs) => {
          const done = await race(scene, pair, staggerMs);
          const ends = done.ended.map(words).join("  |  ");
          if (done.wrong.length > 0) {
            say(
              [`  ${pair.name}, ${staggerMs} ms: ${ends}`, ...done.wrong].join(
                "\n      ",
              ),
            );
          }
          return done;
        });
        const won = raced.map(
          ({ ended }) => ended.filter(({ end }) => end === 0).length,
        );
        const count = (n: number) => won.filter((w) => w === n).length;
        const wrong = raced.filter((r) => r.wrong.length > 0);
        const longest = Math.max(
          ...raced.flatMap(({ ended }) => ended.map((e) => e.seconds)),
        );
        table.push(
          [
            ...[pair.name, pair.runs, count(1), count(2), count(0)],
            ...[wrong.length, `${longest.toFixed(1)} s`],
          ].join(" | "),
        );
        expect(wrong.flatMap((r) => r.wrong)).toEqual([]);
      } finally {
        await scene.close();
      }
    },
  );
});
