import fc from "fast-check";
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import {
  wrapCommand,
  wrapSentences,
  wrapText,
} from "../../../scripts/lib/cli/wrap.ts";
import { SEED } from "../../support/seed.ts";

describe("text", () => {
  test.each([
    ["", [""]],
    ["one", ["one"]],
    ["one two three", ["one two", "three"]],
    ["exactly eight", ["exactly", "eight"]],
    ["12345678 9", ["12345678", "9"]],
    ["123456789", ["12345678", "9"]],
    ["a 123456789012345678", ["a", "12345678", "90123456", "78"]],
  ])(
    "breaks %j at spaces, and a word that is too long anywhere",
    (...given) => {
      const [text, lines] = given;
      expect(wrapText(text, 8)).toEqual(lines);
    },
  );

  test("loses no character and keeps within its width", () => {
    const words = fc.array(fc.stringMatching(/^[!-~]{1,30}$/), {
      minLength: 1,
    });
    const width = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(words, width, (given, most) => {
        const lines = wrapText(given.join(" "), most);
        expect(Math.max(...lines.map((l) => l.length))).toBeLessThanOrEqual(
          most,
        );
        expect(lines.join("").replaceAll(" ", "")).toBe(given.join(""));
      }),
      { seed: SEED },
    );
  });
});

describe("a command", () => {
  test("that is short stays on one line", () => {
    expect(wrapCommand("gcloud run deploy", 40)).toEqual(["gcloud run deploy"]);
  });

  test("that is long is continued, and indented", () => {
    expect(wrapCommand("gcloud run services describe litellm", 24)).toEqual([
      "gcloud run services \\",
      "  describe litellm",
    ]);
  });

  test("keeps within its width, what continues it included", () => {
    expect(wrapCommand("aaaaa bbbb cc dd", 12)).toEqual([
      "aaaaa \\",
      "  bbbb cc \\",
      "  dd",
    ]);
  });

  test("keeps a quoted part whole, whatever it contains", () => {
    const command = `curl -d '{"a": [1, 2]}' --x="b c d e f" "it's"`;
    expect(wrapCommand(command, 16)).toEqual([
      "curl -d \\",
      `  '{"a": [1, 2]}' \\`,
      `  --x="b c d e f" \\`,
      `  "it's"`,
    ]);
  });

  test("says the same to bash as in one line", () => {
    const word = fc.oneof(
      fc.stringMatching(/^[\w=.:/-]{1,12}$/),
      fc.stringMatching(/^--\w{1,8}='[ -&(-~]{0,20}'$/),
      fc.stringMatching(/^"[ a-z'(){}]{0,20}"$/),
    );
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 9 }),
        fc.integer({ min: 8, max: 60 }),
        (words, width) => {
          const command = words.join(" ");
          const wrapped = wrapCommand(command, width).join("\n");
          expect(echo(wrapped)).toBe(echo(command));
        },
      ),
      { seed: SEED, numRuns: 40 },
    );
  });
});

/** What bash makes of the words of a command. */
function echo(words: string): string {
  const script = `printf '%s\\n' ${words}`;
  const { stdout, stderr } = spawnSync("bash", ["-c", script]);
  expect(stderr.toString()).toBe("");
  return stdout.toString();
}

test("sentences break between words, under their own indentation, and a command stays whole", () => {
  const text = [
    "error: there is nothing to go back to: no other revision served",
    "  and a hint of more words than fit there",
    "  Deploy it: npx tsx scripts/deploy.ts dev --yes",
  ].join("\n");
  expect(wrapSentences(text, 30).split("\n")).toEqual([
    "error: there is nothing to go",
    "back to: no other revision",
    "served",
    "  and a hint of more words",
    "  than fit there",
    "  Deploy it: npx tsx scripts/deploy.ts dev --yes",
  ]);
});
