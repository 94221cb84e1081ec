import fc from "fast-check";
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import {
  wrapAdvice,
  wrapBeside,
  wrapCommand,
  wrapSentences,
  wrapWords,
} from "../../../scripts/lib/cli/wrap.ts";
import { SEED } from "../../support/seed.ts";

describe("text", () => {
  test.each([
    ["", [""]],
    ["one", ["one"]],
    ["one two three", ["one two", "three"]],
    ["exactly eight", ["exactly", "eight"]],
    ["12345678 9", ["12345678", "9"]],
    ["a 123456789 b", ["a", "123456789", "b"]],
  ])("breaks %j at spaces, and a longer word stays whole", (...given) => {
    const [text, lines] = given;
    expect(wrapWords(text, 8)).toEqual(lines);
  });

  test("loses no word, breaks none, and only a word alone is wider", () => {
    const words = fc.array(fc.stringMatching(/^[!-~]{1,30}$/), {
      minLength: 1,
    });
    const width = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(words, width, (given, most) => {
        const lines = wrapWords(given.join(" "), most);
        const wide = lines.filter((line) => line.length > most);
        expect(wide.filter((line) => line.includes(" "))).toEqual([]);
        expect(lines.join(" ").split(" ")).toEqual(given);
      }),
      { seed: SEED },
    );
  });

  test("beside a label stays in its column, and stands below one that leaves no room", () => {
    expect(wrapBeside("image   ", "of a registry far away", 28)).toEqual([
      "image   of a registry far",
      "        away",
    ]);
    expect(wrapBeside("a long label  ", "of a registry far away", 28)).toEqual([
      "a long label",
      "  of a registry far away",
    ]);
  });

  test("in colour is as wide as it looks", () => {
    const red = "\u001b[31mred\u001b[39m";
    expect(wrapSentences(`${red} ${red}`, 7)).toBe(`${red} ${red}`);
    expect(wrapSentences(`${red} ${red}`, 6)).toBe(`${red}\n${red}`);
  });
});

test("advice: a command alone can be pasted, one in a sentence stays whole", () => {
  const advice =
    "Whoever administers it:\ngcloud run deploy litellm\nThen: npx tsx scripts/deploy.ts";
  expect(wrapAdvice(advice, 20)).toEqual([
    "Whoever administers",
    "it:",
    "gcloud run \\",
    "  deploy litellm",
    "Then: npx tsx scripts/deploy.ts",
  ]);
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
