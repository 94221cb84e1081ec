import { describe, expect, test } from "vitest";
import { runSample } from "../../support/sample-script/run-sample.ts";

const KEY = "sk-marker-5d1f0a";

/** What the sample makes of its arguments. */
async function parse(...args: string[]): Promise<unknown> {
  const { stdout, stderr, exitCode } = await runSample(args);
  expect(`${String(exitCode)} ${stderr}`).toBe("0 ");
  return JSON.parse(stdout);
}

/** What it says to arguments that it does not take: nothing on standard output, exit code 2. */
async function refuse(...args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await runSample(args);
  expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
  return stderr;
}

describe("arguments", () => {
  test("are all optional", async () => {
    expect(await parse()).toEqual({
      positionals: [],
      dryRun: false,
      yes: false,
    });
  });

  test("stand in any order, a value behind = or a space, a flag by its letter", async () => {
    expect(
      await parse(
        ...["--size=small", "show", "--name", "a b", "-y", "dev", "--dry-run"],
        "--master-key=stdin",
      ),
    ).toEqual({
      positionals: ["dev"],
      dryRun: true,
      yes: true,
      size: "small",
      name: "a b",
      masterKey: "stdin",
    });
  });

  test("are no options behind --", async () => {
    expect(await parse("show", "--", "--yes")).toMatchObject({
      positionals: ["--yes"],
      yes: false,
    });
  });

  test("may be empty where any text is allowed", async () => {
    expect(await parse("--name=")).toMatchObject({ name: "" });
  });

  test.each([
    [["--dry-rnu"], "Unknown option '--dry-rnu'", "Did you mean --dry-run?"],
    [["show", "--siez=small"], "'--siez'", "Did you mean --size?"],
    [["--hlep"], "'--hlep'", "Did you mean --help?"],
    [["--colour"], "'--colour'", "See: npx tsx scripts/sample.ts --help"],
    [["-x"], "'-x'", "See: npx tsx scripts/sample.ts --help"],
    [["--size=smal"], "--size=smal: expected small or", "Did you mean small?"],
    [["--size", "smal"], "--size=smal: expected", "Did you mean small?"],
    [["--size="], "--size=: expected small or large", ""],
    [["--size=medium"], "--size=medium: expected small or large", ""],
    [["--size"], "Option '--size <value>' argument missing", "--help"],
    [["--name"], "Option '--name <value>' argument missing", "--help"],
    [["--name", "--yes"], "Option '--name' argument is ambiguous", "--help"],
    [["--yes=no"], "'-y, --yes' does not take an argument", "--help"],
    [
      ["show", "dev", "prod"],
      "unexpected argument: prod",
      "Usage: npx tsx scripts/sample.ts [story] [env]; see --help",
    ],
  ])("%j are refused with a way out", async (args, message, hint) => {
    const stderr = await refuse(...args);
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
    expect(stderr).not.toContain("    at ");
  });

  test("of which none comes near are refused without a guess", async () => {
    expect(await refuse("--size=medium")).not.toContain("Did you mean");
    expect(await refuse("--colour")).not.toContain("Did you mean");
  });
});

describe("a key that is given where its source is asked for", () => {
  test.each([
    [[`--master-key=${KEY}`], "--master-key=…: expected generate or stdin or"],
    [["--master-key", KEY], "--master-key=…: expected"],
    [[`--master-kye=${KEY}`], "Did you mean --master-key?"],
    [[`--yes=${KEY}`], "does not take an argument"],
    [["--master-key", `-${KEY}`], "is ambiguous"],
    [["show", "dev", KEY], "unexpected argument: …"],
    [["show", "dev", "5d1f0a9c-marker-0b7e4c2f"], "unexpected argument: …"],
    [["show", "dev", "Marker5d1f0a"], "unexpected argument: …"],
    [[`--size=${KEY}`], "--size=…: expected small or large"],
  ])("is not shown: %j", async (args, message) => {
    const stderr = await refuse(...args);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("marker");
  });

  test("is still compared with what is allowed", async () => {
    const stderr = await refuse("--master-key=genrate");
    expect(stderr).not.toContain("genrate");
    expect(stderr).toContain("Did you mean generate?");
  });
});

describe("a script ends", () => {
  test.each([
    ["show", 0, ""],
    ["fail", 1, ""],
    ["mistake", 1, "error: it did not work\n  Try again.\n"],
    ["input", 2, "error: that is no input\n"],
  ])("%s with exit code %i", async (story, exitCode, stderr) => {
    expect(await runSample([story])).toMatchObject({ exitCode, stderr });
  });

  test("a bug with its stack, and with a word that it is one", async () => {
    const { exitCode, stderr } = await runSample(["bug"]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^TypeError: cannot read properties.*\n {4}at /);
    expect(stderr).toContain("This is a bug in litellm-cloudrun");
  });

  test("what is no error at all as a bug too", async () => {
    const { exitCode, stderr } = await runSample(["text"]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^no error at all\nThis is a bug/);
  });
});

describe("--help", () => {
  test.each(["--help", "-h"])(
    "is printed for %s, on standard output",
    async (flag) => {
      const { stdout, stderr, exitCode } = await runSample(["fail", flag]);
      expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
      expect(stdout).toMatchInlineSnapshot(`
        "Usage: npx tsx scripts/sample.ts [story] [env] [options]

        Tells one of its stories.

              --dry-run
                  Print the exact commands on standard output; change nothing.
          -q, --quiet
                  Say nothing, unless it fails or asks: then everything.
          -y, --yes
                  Do not ask.
              --size=small|large
                  How much of it.
              --name=VALUE
                  Anything.
              --master-key=generate|stdin|prompt
                  Where it comes from.
              --timings
                  Say at the end where the time went.
          -h, --help
                  Print this help.

        Exit codes: 0 done, 1 failed, 2 wrong usage or invalid input.
        "
      `);
    },
  );

  test("is not printed beside an argument that is wrong", async () => {
    expect(await refuse("--help", "--size=medium")).toContain("--size=medium");
  });
});
