import { expect, it } from "vitest";
import {
  checkName,
  chooseKeys,
  parseLimit,
  parseModels,
  requireName,
} from "../../../../scripts/lib/service/client-keys/choose-key.ts";
import {
  idOf,
  makeKey,
} from "../../../../scripts/lib/service/client-keys/key-list.ts";
import { formatKeys } from "../../../../scripts/lib/service/client-keys/report.ts";

const entryOf = (name: string, created: string) => ({
  ...makeKey({ name }, new Date(created)).entry,
});
const OLD = entryOf("team-a", "2026-11-01T10:00:00Z");
const NEW = entryOf("team-a", "2026-11-28T10:00:00Z");
const OTHER = entryOf("ci", "2026-11-02T10:00:00Z");
const KEYS = [OLD, OTHER, NEW];

it("finds a key by its name or its id, and all of a name only where that is said", () => {
  expect(chooseKeys(KEYS, "ci", false)).toEqual([OTHER]);
  expect(chooseKeys(KEYS, idOf(OLD), false)).toEqual([OLD]);
  expect(chooseKeys(KEYS, "team-a", true)).toEqual([OLD, NEW]);
  expect(() => chooseKeys(KEYS, "team-a", false)).toThrow(
    `team-a has 2 keys:\n  team-a ${idOf(OLD)} of 2026-11-01 10:00\n  team-a ${idOf(NEW)} of 2026-11-28 10:00`,
  );
  expect(() => chooseKeys(KEYS, "team-b", false)).toThrow(
    expect.objectContaining({ hint: "Did you mean team-a?" }),
  );
});

it("takes no key for a name, and does not show it", () => {
  const key = `sk-${"f".repeat(64)}`;
  expect(() => requireName(key)).toThrow(
    /^what was given as a name looks like a key$/,
  );
  expect(() => requireName(undefined)).toThrow("no name was given");
  for (const name of ["a b", "0123456789ab", "x".repeat(64)]) {
    expect(() => {
      checkName(name);
    }).toThrow(`the name ${name}: expected`);
  }
  checkName("Jane.Doe@example.com");
});

it("takes models that the config offers, and a limit that is a number", () => {
  const offered = ["gemini-3.8-flash", "gemini-3.5-flash"];
  expect(parseModels(undefined, offered)).toBeUndefined();
  expect(parseModels("gemini-3.5-flash, gemini-3.5-flash", offered)).toEqual([
    "gemini-3.5-flash",
  ]);
  expect(() => parseModels("gemini-3.8-flsh", offered)).toThrow(
    expect.objectContaining({ hint: "Did you mean gemini-3.8-flash?" }),
  );
  expect(parseLimit("60")).toBe(60);
  expect(() => parseLimit("0")).toThrow("expected 1 to 999999");
});

it("shows names, ids, dates, models and limits", () => {
  const keys = [OLD, { ...NEW, models: ["m", "n"], requestsPerMinute: 5 }];
  const rows = formatKeys(keys, Infinity).split("\n");
  expect(rows.map((row) => row.split(/ {2,}/))).toEqual([
    ["NAME", "ID", "MADE (UTC)", "MODELS", "REQUESTS A MINUTE, AN INSTANCE"],
    ["team-a", idOf(OLD), "2026-11-01 10:00", "all", "no limit"],
    ["team-a", idOf(NEW), "2026-11-28 10:00", "m, n", "5"],
  ]);
});
