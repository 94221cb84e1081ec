import { describe, expect, test } from "vitest";
import {
  runSample,
  runSampleOnTerminal,
} from "../../support/sample-script/run-sample.ts";

const NOT = "error: not confirmed; nothing was removed";

describe("a question before something changes", () => {
  test.each(["y", " YES "])("is agreed to with %j", async (typed) => {
    const run = await runSampleOnTerminal(
      ["confirm"],
      [["Remove? [y/N]", `${typed}\r`]],
    );
    expect(run.stdout).toContain("agreed");
    expect(run.exitCode).toBe(0);
  });

  test.each(["", "no", "yep"])("is not agreed to with %j", async (typed) => {
    const run = await runSampleOnTerminal(
      ["confirm"],
      [["Remove? [y/N]", `${typed}\r`]],
    );
    expect(run.stdout).toContain(NOT);
    expect(run.exitCode).toBe(2);
  });

  test("shows first what it is about", async () => {
    const run = await runSampleOnTerminal(["confirm"], [["[y/N]", "\r"]]);
    expect(run.stdout).toMatch(
      /^- the service\r\n- the secret\r\n.*Remove\? \[y\/N\]/,
    );
  });

  test.each([
    ["Ctrl-C", "\x03", 130, "interrupted; nothing was changed"],
    ["Ctrl-D", "\x04", 2, NOT],
  ])("is left with %s", async (_, typed, exitCode, message) => {
    const run = await runSampleOnTerminal(["confirm"], [["[y/N]", typed]]);
    expect(run.stdout).toContain(message);
    expect(run.exitCode).toBe(exitCode);
  });

  test("is not asked where nobody is there, whatever comes in", async () => {
    const run = await runSample(["confirm"], { input: "y\n" });
    expect(run).toEqual({
      stdout: "",
      stderr: [
        "- the service",
        "- the secret",
        "error: nobody is here to confirm the removal",
        "  Confirm it: npx tsx scripts/sample.ts confirm --yes\n",
      ].join("\n"),
      exitCode: 2,
    });
  });
});

describe("a secret", () => {
  test("that is typed is taken without white space around it, and not shown", async () => {
    const run = await runSampleOnTerminal(
      ["prompt"],
      [["Key:", " sk-marker-5d1f0a \r"]],
    );
    expect(run.stdout).toContain("16 characters");
    expect(run.stdout).not.toContain("marker");
  });

  test("that comes on standard input is taken without the line's end", async () => {
    const { stdout } = await runSample(["read"], { input: "sk-ä b\r\n" });
    expect(JSON.parse(stdout)).toBe("sk-ä b");
    const nothing = await runSample(["read"]);
    expect(JSON.parse(nothing.stdout)).toBe("");
  });
});

describe("--quiet", () => {
  test("keeps what is said from being seen", async () => {
    const run = await runSample(["wait", "--quiet"]);
    expect(run).toEqual({ stdout: "", stderr: "", exitCode: 0 });
  });

  test("shows all of it where it fails", async () => {
    const { stderr, exitCode } = await runSample(["nothing", "-q"]);
    expect(stderr).toBe("there is no story nothing\n");
    expect(exitCode).toBe(1);
  });

  test("shows first what a question is about", async () => {
    const run = await runSampleOnTerminal(
      ["confirm", "--quiet"],
      [["[y/N]", "\r"]],
    );
    expect(run.stdout).toMatch(/^- the service\r\n- the secret\r\n.*Remove\?/);
  });
});
