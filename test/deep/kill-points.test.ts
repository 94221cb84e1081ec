import { geminiOf } from "../../emulator/apis/gemini/state.ts";
import { afterAll, describe, expect, test } from "vitest";
import { TRIALS, trial } from "../support/deep/commands.ts";
import {
  type Walked,
  describeCall,
  formatPoint,
  listPoints,
  runKilled,
  runUndisturbed,
  walk,
} from "../support/deep/kill.ts";
import { inLanes, randomFrom } from "../support/deep/lanes.ts";
import { say } from "../support/deep/say.ts";
import { listDifferences, takeSnapshot } from "../support/deep/snapshot.ts";
import {
  buildScene,
  openStage,
  settleServices,
} from "../support/deep/stage.ts";
import { SEED } from "../support/seed.ts";

const LANES = 3;
const total = { walked: 0, converged: 0, requests: 0, failed: 0 };

function tell(name: string, walked: Walked): string {
  return [`  ${formatPoint(name, walked)}`, ...walked.differences].join(
    "\n      ",
  );
}

afterAll(() => {
  const { walked, converged, requests, failed } = total;
  say(`kill points: ${walked} walked, ${converged} converged`);
  say(`clients meanwhile: ${requests} requests, ${failed} not answered`);
});

describe("a command that is killed anywhere and run again", () => {
  for (const trial of TRIALS) {
    test(
      `ends where an undisturbed run ends: ${trial.name}`,
      { timeout: 900_000 },
      async () => {
        const begun = performance.now();
        const scene = await buildScene(trial.prepare);
        try {
          const undisturbed = await runUndisturbed(trial, scene);
          const points = listPoints(
            undisturbed,
            randomFrom(SEED),
            trial.sample,
          );
          const walked = await inLanes(LANES, points, async (point) => {
            const done = await walk(trial, scene, undisturbed, point);
            if (done.differences.length > 0) say(tell(trial.name, done));
            return done;
          });
          const open = walked.filter((w) => w.differences.length > 0);
          total.walked += walked.length;
          total.converged += walked.length - open.length;
          // Those of a service that is taken away are not to be answered.
          for (const done of trial.name === "clean" ? [] : walked) {
            total.requests += done.requests;
            total.failed += done.failures.length;
          }
          const seconds = Math.round((performance.now() - begun) / 1000);
          say(
            `kill points of ${trial.name}: ${walked.length} walked, ${walked.length - open.length} converged (${undisturbed.writes.length} writes, ${seconds} s)`,
          );
          expect(open.map((w) => formatPoint(trial.name, w))).toEqual([]);
        } finally {
          await scene.close();
        }
      },
    );
  }
});

describe("a rollback whose first write gets no answer", () => {
  // gcloud does not know whether it was done, and writes again.
  test.each(["rollback", "rollback with a rotated key"])(
    "goes where it was going, and no revision further: %s",
    { timeout: 300_000 },
    async (name) => {
      const back = trial(name);
      const scene = await buildScene(back.prepare);
      const undisturbed = await runUndisturbed(back, scene);
      const stage = await openStage(scene);
      try {
        const lost: string[] = [];
        stage.judge = async (call, passOn) => {
          const answer = await passOn();
          if (!call.isWrite || lost.length > 0) return answer;
          lost.push(describeCall(call));
          return undefined;
        };
        const command = back.command(stage);
        const first = await stage.start(command).ended;
        expect(lost).toHaveLength(1);
        await settleServices(stage);
        // A new rollback would go further back.
        if (first.end !== 0) {
          expect(first.stderr).not.toContain("This is a bug");
          const again = await stage.start(command).ended;
          expect(`${String(again.end)} ${again.stderr}`).toMatch(/^0 /);
          await settleServices(stage);
        }
        expect(
          listDifferences(
            takeSnapshot(stage.emulator.cloud),
            undisturbed.once.snapshot,
          ),
          first.stderr,
        ).toEqual([]);
      } finally {
        await stage.close();
        await scene.close();
      }
    },
  );
});

describe("a first deploy that nobody saw verified", () => {
  // Gemini answers nothing, so that a deploy that asks is one that fails.
  test.each(["SIGKILL", "SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "is not done when it is run again: %s",
    { timeout: 240_000 },
    async (signal) => {
      const first = trial("first deploy");
      const scene = await buildScene(first.prepare);
      const stage = await openStage(scene);
      try {
        const { faults } = geminiOf(stage.emulator.cloud);
        faults.status = 503;
        const command = first.command(stage);
        const { call } = await runKilled(stage, command, {
          signal,
          side: "after",
          of: "write",
          index: 0,
          matching: /^(POST|PUT) \S+-run\/.*\/services(\/litellm-proxy)?$/,
        });
        expect(call).toBeDefined();
        await settleServices(stage);
        const again = await stage.start(command).ended;
        expect(`${String(again.end)} ${again.stderr}`).toMatch(/^1 /);
        faults.status = undefined;
        const last = await stage.start(command).ended;
        expect(`${String(last.end)} ${last.stderr}`).toMatch(/^0 /);
      } finally {
        await stage.close();
        await scene.close();
      }
    },
  );
});
