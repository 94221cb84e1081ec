import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Command,
  bashExpression,
  formatCommand,
  toRead,
} from "../../../scripts/lib/google/gcloud.ts";
import { SEED } from "../../support/seed.ts";

/** What bash hands to gcloud when the printed command is pasted. */
function paste(
  command: Command,
  before = "",
): { args: string[]; input: string } {
  const script = `gcloud() { printf '%s\\0' "$#" "$@"; cat; }
set -euo pipefail
${before}
${formatCommand(command)}
`;
  const { stdout, stderr, status } = spawnSync("bash", [], { input: script });
  expect(`${String(status)} ${stderr.toString()}`).toBe("0 ");
  const [count, ...parts] = stdout.toString().split("\0");
  const args = parts.slice(0, Number(count));
  return { args, input: parts.slice(args.length).join("\0") };
}

const NASTY = [
  "",
  " ",
  "a b",
  "'",
  "''",
  "it's",
  `"`,
  `a"b`,
  "$HOME",
  "${HOME}",
  "$(echo no)",
  "`echo no`",
  "!!",
  "\\",
  "\\'",
  "a\nb",
  "\n",
  "\t",
  "*",
  "~",
  "#no comment",
  "{a,b}",
  "a;b",
  "a&b|c",
  "<<EOF",
  "--",
  "-",
  "--flag",
  "--flag=",
  "--flag= ",
  "--flag='",
  "--flag=a b=c",
  "--flag=$x",
  "--filter=labels.a=b AND name~'^c$'",
  "ä€😀",
];

describe("a printed command", () => {
  test.each(NASTY.map((argument) => [argument]))(
    "gives gcloud %j as it is",
    (argument) => {
      // The empty one between others tells that none is lost.
      const args = ["run", argument, "end"];
      expect(paste({ args }).args).toEqual(args);
    },
  );

  test("gives gcloud any arguments as they are", () => {
    const text = fc.string({ unit: "binary" });
    const argument = fc
      .oneof(
        text,
        fc.string(),
        text.map((value) => `--flag=${value}`),
        fc.constantFrom(...NASTY),
      )
      // No process takes it in an argument, and it marks bash's own parts.
      .filter((value) => !value.includes("\0"));
    const some = fc.array(argument, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(some, (args) => {
        expect(paste({ args: [...args, "end"] }).args).toEqual([
          ...args,
          "end",
        ]);
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  test("quotes no more than it must, and only the value of a flag", () => {
    const args = [
      ...["run", "deploy", "a_b", "--region=us-central1", "--image=r.io/i@s:1"],
      ...["--to-revisions=a=100,b=0", "--format=value(name)", "it's"],
    ];
    expect(formatCommand({ args })).toBe(
      String.raw`gcloud run deploy a_b --region=us-central1 --image=r.io/i@s:1 --to-revisions=a=100,b=0 --format='value(name)' 'it'\''s'`,
    );
  });
});

describe("a part that bash fills in", () => {
  const name = `name=$'a b\\n*$HOME'`;
  const filled = "a b\n*$HOME";

  test.each([
    ["alone", bashExpression("$name"), filled],
    [
      "as the value of a flag",
      `--source=${bashExpression("$name")}`,
      `--source=${filled}`,
    ],
    ["in the middle", `x/${bashExpression("$name")}/y z`, `x/${filled}/y z`],
    [
      "in the middle of a flag's value",
      `--tag=it's ${bashExpression("$name")}$name`,
      `--tag=it's ${filled}$name`,
    ],
    [
      "twice",
      `--a=${bashExpression("$name")}${bashExpression("$name")}`,
      `--a=${filled}${filled}`,
    ],
    [
      "by a command with quotes of its own",
      `user:${bashExpression(`$(printf '%s' "$name")`)}`,
      `user:${filled}`,
    ],
  ])("stays one word: %s", (_, argument, expected) => {
    const args = ["run", argument, "end"];
    expect(paste({ args }, name).args).toEqual(["run", expected, "end"]);
  });

  test("reads well", () => {
    const image = bashExpression("$image");
    expect(formatCommand({ args: [`--images=litellm=${image}`] })).toBe(
      'gcloud --images=litellm="$image"',
    );
  });
});

describe("the input of a printed command", () => {
  test.each([
    ["with what bash would fill in", "a: $HOME\nb: `id` $(id) \\n\n"],
    ["with quotes", `a: 'b' "c"\n`],
    ["of many lines and blank ones", "\n\na\n\n  b\n\n"],
    ["with the line that ends such an input", "a\nEOF\nEOF_\nb\n"],
    ["that is empty", "\n"],
  ])("%s is given as it is", (_, input) => {
    const { args, input: given } = paste({ args: ["deploy", "a b"], input });
    expect({ args, given }).toEqual({ args: ["deploy", "a b"], given: input });
  });

  test("gets the line's end that it lacks", () => {
    expect(paste({ args: ["deploy"], input: "a: 1" }).input).toBe("a: 1\n");
  });

  test("may be any lines", () => {
    const line = fc.oneof(fc.string(), fc.constantFrom("EOF", "EOF_"));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const input = `${lines.join("\n")}\n`;
        expect(paste({ args: ["deploy"], input }).input).toBe(input);
      }),
      { seed: SEED, numRuns: 40 },
    );
  });
});

test("a command to read is without the form that a program wants", () => {
  const command = {
    args: ["run", "describe", "--format=json", "--region=r"],
    input: "x",
  };
  expect(toRead(command)).toEqual({ args: ["run", "describe", "--region=r"] });
});
