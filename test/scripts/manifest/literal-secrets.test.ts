import { expect, test } from "vitest";
import { listVariables } from "../../../scripts/lib/manifest/render-manifest.ts";
import { manifest, settingsWith } from "../../support/states.ts";

const KEY = `sk-${"0123456789abcdef".repeat(4)}`;

/** What the manifest says once it has been changed. */
function refusalOf(change: (text: string) => string): string {
  try {
    listVariables(change(manifest), settingsWith());
    return "";
  } catch (error) {
    return String(error);
  }
}

function addVariable(name: string, value: string): (text: string) => string {
  return (text) =>
    text.replace(
      /^( +)- name: LITELLM_MODE$/m,
      `$1- name: ${name}\n$1  value: ${value}\n$&`,
    );
}

test("the manifest that is shipped holds no secret", () => {
  expect(refusalOf((text) => text)).toBe("");
});

test.each([
  ["the master key", "LITELLM_MASTER_KEY", "x"],
  ["a key by its old name", "MY_GEMINI_KEY", "AIza"],
  ["a password", "REDIS_PASSWORD", "hunter2"],
  ["a token that is a number", "SLACK_TOKEN", "12345"],
  ["a value like a key, whatever its name", "EXTRA", KEY],
  ["a URL with a password", "DATABASE_URL", "postgres://me:hunter2@db/x"],
])("%s is refused with its line, and not shown", (_, name, value) => {
  const change = addVariable(name, value);
  const text = change(manifest);
  const line = text
    .slice(0, text.indexOf(`value: ${value}`))
    .split("\n").length;
  const refusal = refusalOf(change);
  expect(refusal).toContain(`config/service.yaml:${String(line)}: `);
  expect(refusal).toContain("a secret does not belong here");
  expect(refusal).not.toContain(KEY);
  expect(refusal).not.toContain("hunter2");
});

test("a key in a comment or an argument is refused, too", () => {
  expect(refusalOf((text) => `${text}# ${KEY}\n`)).toContain("secret key");
  const withArgument = (text: string): string =>
    text.replace(/^( +)- --port$/m, `$1- --api_key=${KEY}\n$&`);
  expect(refusalOf(withArgument)).toContain("secret key");
});

test("a name that only resembles one is taken", () => {
  expect(refusalOf(addVariable("KEYBOARD", "qwerty"))).toBe("");
  expect(refusalOf(addVariable("EMPTY_TOKEN", '""'))).toBe("");
});
