import { afterAll, beforeAll, expect, test } from "vitest";
import { trial } from "../support/deep/commands.ts";
import {
  type Undisturbed,
  formatPoint,
  listPoints,
  runUndisturbed,
  walk,
} from "../support/deep/kill.ts";
import { inLanes, pick, randomFrom } from "../support/deep/lanes.ts";
import { type Scene, buildScene } from "../support/deep/stage.ts";
import { SEED } from "../support/seed.ts";

// All points: npm run test:deep.

const MANY = 2;
const redeploy = trial("redeploy");

let scene: Scene;
let undisturbed: Undisturbed;

beforeAll(async () => {
  scene = await buildScene(redeploy.prepare);
  undisturbed = await runUndisturbed(redeploy, scene);
});

afterAll(() => scene.close());

test("a redeploy that is killed and run again ends where an undisturbed one ends, in a sample", async () => {
  const random = randomFrom(SEED);
  const all = listPoints(undisturbed, random).filter(
    ({ of }) => of === "write",
  );
  const walked = await inLanes(MANY, pick(all, MANY, random), (point) =>
    walk(redeploy, scene, undisturbed, point),
  );
  const wrong = walked
    .filter(({ differences }) => differences.length > 0)
    .flatMap((done) => [formatPoint(redeploy.name, done), ...done.differences]);
  expect(wrong).toEqual([]);
});
