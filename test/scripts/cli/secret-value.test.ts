import { format, inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { SecretValue } from "../../../scripts/lib/cli/secret-value.ts";

const MARKER = "sk-marker-5d1f0a";
const secret = new SecretValue(MARKER);

describe("a secret value", () => {
  test.each([
    ["String()", () => String(secret)],
    ["a template literal", () => `Bearer ${secret as unknown as string}`],
    ["concatenation", () => ["key: ", secret].join("")],
    ["JSON", () => JSON.stringify({ nested: { secret, list: [secret] } })],
    ["inspect", () => inspect({ secret }, { depth: 9, showHidden: true })],
    ["console's format", () => format("%s %o %j", secret, secret, secret)],
    ["a copy", () => JSON.stringify(structuredClone(secret))],
    ["entries", () => Object.entries(secret).flat().join()],
    ["an error's cause", () => inspect(new Error("x", { cause: secret }))],
    ["a number", () => String(Number(secret))],
  ])("does not show itself through %s", (_, show) => {
    expect(show()).not.toContain("marker");
  });

  test("says that something was left out", () => {
    expect(inspect({ secret })).toBe("{ secret: [REDACTED] }");
    expect(JSON.stringify(secret)).toBe('"[REDACTED]"');
  });

  test("gives its value to whoever sends it", () => {
    expect(secret.reveal()).toBe(MARKER);
  });
});
