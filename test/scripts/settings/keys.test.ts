import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import {
  MASTER_KEY,
  allKeys,
  keysOf,
  mapKeys,
  optionOf,
  secretSetting,
} from "../../../scripts/lib/settings/keys.ts";

/** What a key is called in all places. */
const NAMES = [
  ["masterKey", "MASTER_KEY_SECRET", "master-key"],
  ["geminiKey", "GEMINI_KEY_SECRET", "gemini-key"],
];

describe("the table of keys", () => {
  test("names the setting and the option of each", () => {
    expect(
      allKeys().map((key) => [key.name, secretSetting(key), optionOf(key)]),
    ).toEqual(NAMES);
  });

  test("tells which keys a mode needs", () => {
    const names = (mode: "vertex" | "apikey") =>
      keysOf(mode).map((k) => k.name);
    expect(names("vertex")).toEqual(["masterKey"]);
    expect(names("apikey")).toEqual(["masterKey", "geminiKey"]);
  });

  test("makes something for each", () => {
    expect(mapKeys((key) => key.variable)).toEqual({
      masterKey: "LITELLM_MASTER_KEY",
      geminiKey: "GEMINI_API_KEY",
    });
  });

  test.each([
    ["variable", allKeys().map((key) => key.variable)],
    ["secret", allKeys().map((key) => key.secret)],
    ["option", allKeys().map(optionOf)],
  ])("gives no %s to two keys", (_, names) => {
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("a master key", () => {
  const { generate, findWeakness } = MASTER_KEY;

  test("that is made is strong, and never the same", () => {
    const keys = Array.from({ length: 20 }, generate.value);
    expect(new Set(keys).size).toBe(20);
    for (const key of keys) {
      expect(key).toMatch(/^sk-[0-9a-f]{64}$/);
      expect(findWeakness(key)).toBeUndefined();
    }
  });

  test("that the preview makes in bash is as strong", () => {
    const { stdout } = spawnSync("bash", ["-c", generate.preview]);
    expect(stdout.toString()).toMatch(/^sk-[0-9a-f]{64}$/);
  });

  test.each([
    ["", "does not begin with sk-"],
    ["a".repeat(64), "does not begin with sk-"],
    ["sk-123456", "is shorter than 35 characters"],
    [`sk-${"0123456789abcdef".repeat(2).slice(1)}`, "is shorter than 35"],
    [`sk-${"123456789".repeat(6)}`, "repeats few characters"],
  ])("%j is weak: it %s", (key, weakness) => {
    expect(findWeakness(key)).toContain(weakness);
  });

  test("of 35 characters of which ten differ is strong enough", () => {
    expect(
      findWeakness(`sk-${"0123456789".repeat(4).slice(0, 32)}`),
    ).toBeUndefined();
  });
});
