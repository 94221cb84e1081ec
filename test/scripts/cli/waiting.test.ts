import { describe, expect, test } from "vitest";
import { describeWait } from "../../../scripts/lib/cli/waiting.ts";
import {
  runSample,
  runSampleOnTerminal,
} from "../../support/sample-script/run-sample.ts";

const ERASE = "\r\u001b[K";

describe("what is waited for", () => {
  test("is told with how long, and how long it may be", () => {
    const what = "Bring up litellm-proxy-abc at 0 %";
    expect(describeWait({ what, upTo: 240 }, 23.9)).toBe(
      "Bring up litellm-proxy-abc at 0 % … 23 s, up to 240 s",
    );
    expect(describeWait({ what }, 0)).toBe(`${what} … 0 s`);
    expect(describeWait({ what, upTo: 240 }, 23, 40)).toBe(
      "Bring up … 23 s, up to 240 s",
    );
  });

  test("is one line below all others on a terminal, and leaves nothing there", async () => {
    const { stdout, exitCode } = await runSampleOnTerminal(["wait"], []);
    expect(stdout).toMatch(
      /[⠋-⠿] Bring it up … 0 s, up to 240 s \(and 1 more\)/,
    );
    expect(stdout).toContain(`${ERASE}a line meanwhile\r\n`);
    // What a terminal shows in the end: of each line what stands behind its last erasure.
    const shown = stdout.split("\r\n").map((line) => line.split(ERASE).at(-1));
    expect(shown).toEqual(["a line meanwhile", "done", ""]);
    expect(exitCode).toBe(0);
  });

  test("is no word where nobody watches and it is soon over", async () => {
    const { stderr } = await runSample(["wait"]);
    expect(stderr).toBe("a line meanwhile\ndone\n");
  });
});
