import { describe, expect, test } from "vitest";
import {
  describeAnswer,
  readSyntaxErrors,
} from "../../../scripts/lib/litellm-config/python-syntax.ts";

const RIGHT = { name: "a.py", file: "team/a.py", text: "X = 1\n" };
const WRONG = { name: "b.py", file: "team/b.py", text: "\nX = (1\n" };
const NOTES = { name: "words.txt", file: "team/words.txt", text: "X = (1\n" };

/** What this machine's Python is to say of it. */
const ERROR = {
  file: "team/b.py",
  line: 2,
  column: 5,
  message: "'(' was never closed",
  source: "X = (1\n",
};

describe("a Python file with a syntax error", () => {
  test("is found by the machine's own Python, with its line", () => {
    expect(readSyntaxErrors([RIGHT, WRONG, NOTES])).toEqual([
      expect.objectContaining({
        file: "team/b.py",
        line: 2,
        column: 5,
        severity: "error",
        message: "Python cannot read it: '(' was never closed",
      }),
    ]);
    expect(readSyntaxErrors([RIGHT, NOTES])).toEqual([]);
  });

  test.each([
    [10, 11, "except* ValueError:"],
    [11, 12, "type Names = list[str]"],
    [11, 12, "def first[T](items: list[T]) -> T:"],
    [11, 12, 'text = f"{", ".join(names)}"'],
    [13, 14, "except ValueError, TypeError:"],
    [13, 14, 'text = t"{name}"'],
  ])(
    "is a warning where only a newer Python than 3.%i may read it: %s %s",
    (before, since, source) => {
      const judge = (minor: number) =>
        describeAnswer([RIGHT, WRONG], {
          version: [3, minor],
          errors: [{ ...ERROR, source }],
        }).map(({ severity }) => severity);
      expect(judge(before)).toEqual(["warning"]);
      expect(judge(since)).toEqual(["error"]);
    },
  );

  test("is nobody's to find without Python, which is said once", () => {
    expect(readSyntaxErrors([RIGHT, WRONG], "no-such-python")).toEqual([
      {
        severity: "warning",
        file: "team/a.py",
        line: 1,
        column: 1,
        message:
          "no python3 answers here, and a syntax error in a.py, b.py would show only when the candidate starts",
        hint: "Install Python 3.10 or a newer one, or look elsewhere: python3 -m py_compile FILE",
      },
    ]);
    expect(readSyntaxErrors([NOTES], "no-such-python")).toEqual([]);
    expect(
      describeAnswer([RIGHT], { version: [3, 9], errors: [] }),
    ).toMatchObject([
      {
        severity: "warning",
        message: expect.stringContaining(
          "python3 is 3.9 here, too old",
        ) as string,
      },
    ]);
  });
});
