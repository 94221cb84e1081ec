import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { check, list } from "../../support/litellm-config.ts";

const read = (mode: string) =>
  readFileSync(`config/litellm.${mode}.yaml`, "utf8");

const NAMES = [
  "gemini-4-argon",
  "gemini-3.1-pro-preview",
  "gemini-3.8-flash",
  "gemini-3.5-flash",
  "gemini-3.5-flash-lite",
  "gemini-3.1-flash-lite",
  "gemini-embedding-2",
  "gemini-embedding-001",
];

const OLD_NAMES = [
  "gemini-3-pro",
  "gemini-3-pro-preview",
  "gemini-3.0-pro",
  "gemini-3.0-pro-preview",
  "gemini-3.7-flash",
  "gemini-2.5-flash",
];

describe.each(["vertex", "apikey"] as const)(
  "the config for MODE=%s",
  (mode) => {
    test("has no findings", () => {
      expect(list(read(mode), { mode })).toEqual([]);
    });

    test("offers the current models and the old names", () => {
      const { config } = check(read(mode), { mode });
      expect(config?.models.map(({ name }) => name)).toEqual([
        ...NAMES,
        ...OLD_NAMES,
      ]);
    });
  },
);

test("that for Vertex AI is refused with MODE=apikey, the other is doubtful with MODE=vertex", () => {
  const refused = list(read("vertex"), { mode: "apikey" });
  expect(
    refused.filter((message) => message.includes("does not fit MODE=apikey")),
  ).toHaveLength(NAMES.length);
  expect(list(read("apikey"), { mode: "vertex" })).toEqual([
    expect.stringContaining(
      "warning: no model goes through Vertex AI, and MODE=vertex gives",
    ),
  ]);
});

test("clients need not know which mode answers them", () => {
  const offer = (mode: "vertex" | "apikey") =>
    check(read(mode), { mode }).config?.models.map(
      ({ name, kind, aliasOf }) => ({ name, kind, aliasOf }),
    );
  expect(offer("vertex")).toEqual(offer("apikey"));
});
