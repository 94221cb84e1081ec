import { expect, test } from "vitest";
import type { Command } from "../../../scripts/lib/google/gcloud.ts";
import { startAhead } from "../../../scripts/lib/plan/ahead.ts";

const [one, two, three, four] = ["one", "two", "three", "four"].map(
  (name): Command => ({ args: [name] }),
) as [Command, Command, Command, Command];

/** Notes what becomes of each gcloud. */
function noted() {
  const notes: string[] = [];
  const note = (what: string, { args }: Command): void => {
    notes.push(`${what} ${args.join(" ")}`);
  };
  return {
    notes,
    gcloud: (command: Command) => {
      note("run", command);
      return Promise.resolve("run");
    },
    hold: (command: Command) => {
      note("hold", command);
      return {
        letGo: () => {
          note("let go", command);
          return Promise.resolve("let go");
        },
        drop: () => {
          note("drop", command);
          return Promise.resolve();
        },
      };
    },
  };
}

test("while a command runs, the gclouds of the next two start, and each is let go in its turn", async () => {
  const effects = noted();
  const { gcloud, end } = startAhead(effects, [one, two, three, four]);
  expect(effects.notes).toEqual([]);
  await gcloud(one);
  expect(effects.notes.splice(0)).toEqual([
    "run one",
    "hold two",
    "hold three",
  ]);
  expect(await gcloud(two)).toBe("let go");
  expect(effects.notes.splice(0)).toEqual(["let go two", "hold four"]);
  await gcloud(four);
  await gcloud(three);
  expect(effects.notes.splice(0)).toEqual(["let go four", "let go three"]);
  await end();
  expect(effects.notes).toEqual([]);
});

test("a command that runs again has a gcloud of its own", async () => {
  const effects = noted();
  const { gcloud } = startAhead(effects, [one, two]);
  await gcloud(one);
  await gcloud(two);
  expect(await gcloud(two)).toBe("run");
});

test("what was started and is not needed ends", async () => {
  const effects = noted();
  const { gcloud, end } = startAhead(effects, [one, two, three]);
  await gcloud(one);
  await end();
  expect(effects.notes).toEqual([
    ...["run one", "hold two", "hold three"],
    ...["drop two", "drop three"],
  ]);
});
