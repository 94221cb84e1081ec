import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import {
  KEYS,
  MASTER_KEY,
  keyNamed,
  mapKeys,
  toKey,
} from "../../../scripts/lib/settings/keys.ts";

describe("the table of keys", () => {
  test("names each as it was always called", () => {
    expect(KEYS.map((key) => [key.name, key.setting, key.option])).toEqual([
      ["masterKey", "MASTER_KEY_SECRET", "master-key"],
      ["geminiKey", "GEMINI_KEY_SECRET", "gemini-key"],
    ]);
  });

  test("makes something for each", () => {
    expect(mapKeys((key) => key.variable)).toEqual({
      masterKey: "LITELLM_MASTER_KEY",
      geminiKey: "GEMINI_API_KEY",
    });
  });
});

describe("any other key", () => {
  test("is called as its variable is", () => {
    const { name, setting, option, secret } = toKey("OPENAI_API_KEY");
    expect([name, setting, option, secret]).toEqual([
      "OPENAI_API_KEY",
      "OPENAI_API_KEY_SECRET",
      "OPENAI_API_KEY",
      "litellm-openai-api-key",
    ]);
  });

  test.each(["LITELLM_MASTER_KEY", "GEMINI_API_KEY", "OPENAI_API_KEY"])(
    "%s is found by its name again",
    (variable) => {
      expect(keyNamed(toKey(variable).name)).toEqual(toKey(variable));
    },
  );
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
