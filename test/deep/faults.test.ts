import { afterAll, describe, expect, test } from "vitest";
import { startClients } from "../support/deep/clients.ts";
import { type Trial, trial } from "../support/deep/commands.ts";
import { badWeather, lateIam } from "../support/deep/faults.ts";
import { type Undisturbed, runUndisturbed } from "../support/deep/kill.ts";
import { inLanes, randomFrom } from "../support/deep/lanes.ts";
import { say } from "../support/deep/say.ts";
import {
  listDifferences,
  listServing,
  takeSnapshot,
} from "../support/deep/snapshot.ts";
import {
  type Ended,
  type Scene,
  buildScene,
  openStage,
  settleServices,
} from "../support/deep/stage.ts";
import { SEED } from "../support/seed.ts";

const LANES = 3;
const SEEDS = [0, 1, 2, 3, 4].map((n) => SEED + n);
/** Of a late answer; Google's may be some seconds. */
const DELAY_MS = Number(process.env.FAULT_DELAY_MS ?? 500);
const LIMIT_MS = 120_000;

const total = { runs: 0, done: 0, requests: 0, failed: 0 };

afterAll(() => {
  const { runs, done, requests, failed } = total;
  say(`faults: ${done} of ${runs} runs succeeded at once`);
  say(`clients meanwhile: ${requests} requests, ${failed} not answered`);
});

/** Revisions that were given up are no difference. */
function listMatters(snapshot: readonly string[]): string[] {
  return snapshot.filter((line) => !/^service \S+ has /.test(line));
}

/** One run in bad weather, and one in good where it failed; what is wrong with them. */
async function brave(
  { name, command }: Trial,
  scene: Scene,
  { once }: Undisturbed,
  seed: number,
): Promise<{ first: Ended; wrong: string[]; spoilt: string }> {
  const stage = await openStage(scene);
  try {
    const { cloud } = stage.emulator;
    const typed = { ...command(stage), patienceMs: LIMIT_MS };
    const clients = startClients(stage);
    const served = listServing(cloud).length > 0;
    const weather = badWeather(randomFrom(seed), { delayMs: DELAY_MS });
    stage.judge = weather.judge;
    const first = await stage.start(typed).ended;
    stage.judge = (_, passOn) => passOn();
    await settleServices(stage);
    const wrong: string[] = [];
    if (/This is a bug|^\s+at .*\d+:\d+\)?$/m.test(first.stderr)) {
      wrong.push("a stack");
    }
    // What gcloud gives up is Google's word; what the scripts call themselves they repeat.
    if (first.end !== 0 && !/^error: gcloud /m.test(first.stderr)) {
      wrong.push("it gave up a call of its own");
    }
    if (first.end === "too long") wrong.push("it did not end");
    const last = first.end === 0 ? first : await stage.start(typed).ended;
    await settleServices(stage);
    if (last.end !== 0) wrong.push(`the run after it: ${lastWords(last)}`);
    const differences = listDifferences(
      listMatters(takeSnapshot(cloud)),
      listMatters(once.snapshot),
    );
    wrong.push(...differences);
    const { requests, failures } = await clients.stop();
    if (served && name !== "clean") {
      total.requests += requests;
      total.failed += failures.length;
      if (failures.length > 0) {
        wrong.push(`clients: ${[...new Set(failures)].join(", ")}`);
      }
    }
    return { first, wrong, spoilt: JSON.stringify(weather.spoilt) };
  } finally {
    await stage.close();
  }
}

function lastWords({ stderr, end }: Ended): string {
  const words = /^error: .*(\n.*)?/m.exec(stderr)?.[0] ?? "";
  return `exit ${String(end)} ${words.replaceAll("\n", " ").slice(0, 300)}`;
}

describe("a fifth of all calls that fail or are late", () => {
  test.each(["first deploy", "redeploy", "rollback", "clean"])(
    "harm nothing, and the state converges: %s",
    { timeout: 900_000 },
    async (name) => {
      const tried = trial(name);
      const scene = await buildScene(tried.prepare);
      try {
        const undisturbed = await runUndisturbed(tried, scene);
        const open: string[] = [];
        let done = 0;
        await inLanes(LANES, SEEDS, async (seed) => {
          const { first, wrong, spoilt } = await brave(
            tried,
            scene,
            undisturbed,
            seed,
          );
          if (first.end === 0) done += 1;
          const line = `${name}, seed ${seed}: ${lastWords(first)} (${Math.round(first.seconds)} s, ${spoilt})`;
          say([`  ${line}`, ...wrong].join("\n      "));
          if (wrong.length > 0) open.push(line);
        });
        total.runs += SEEDS.length;
        total.done += done;
        say(`faults in ${name}: ${done} of ${SEEDS.length} succeeded at once`);
        expect(open).toEqual([]);
      } finally {
        await scene.close();
      }
    },
  );
});

describe("IAM that is seen everywhere only after a while", () => {
  test.each([8, 60])(
    "takes no second run of a first deploy: %i seconds",
    { timeout: 480_000 },
    async (late) => {
      const stage = await openStage();
      try {
        stage.judge = lateIam(stage.emulator.cloud, late * 1000);
        const typed = trial("first deploy").command(stage);
        const first = await stage.start({ ...typed, patienceMs: 420_000 })
          .ended;
        say(
          `late IAM, ${late} s: ${lastWords(first)} (${Math.round(first.seconds)} s)`,
        );
        expect(`${String(first.end)} ${first.stderr}`).toMatch(/^0 /);
        stage.judge = (_, passOn) => passOn();
        const second = await stage.start(typed).ended;
        expect(second.stderr).toContain("Nothing to do");
      } finally {
        await stage.close();
      }
    },
  );
});
