import { describe, expect, test } from "vitest";
import {
  compareVersions,
  findMissing,
  versionOf,
} from "../../../scripts/lib/advisories/advisories.ts";
import { runProcess } from "../../support/emulator.ts";
import { scriptCommand } from "../../support/quick-scripts/script-command.ts";

describe("the advisories that a version lacks a fix of", () => {
  test.each([
    ["1.108.14", []],
    ["1.84.0", []],
    ["1.83.7", ["GHSA-4xpc-pv4p-pm3w"]],
    ["1.82.7", expect.arrayContaining(["GHSA-92x9-889m-jgmw"])],
    [
      "1.83.6",
      ["GHSA-4xpc-pv4p-pm3w", "GHSA-r75f-5x8p-qvmc", "GHSA-v4p8-mg3p-g94g"],
    ],
    ["1.74.1", ["GHSA-4xpc-pv4p-pm3w"]],
  ])("of %s are %j", (version, expected) => {
    expect(findMissing(version).map(({ id }) => id)).toEqual(expected);
  });
});

test("versions are compared as numbers", () => {
  expect(compareVersions("1.100.0", "1.99.9")).toBeGreaterThan(0);
  expect(compareVersions("1.9", "1.9.0")).toBe(0);
});

test.each([
  ["docker.io/litellm/litellm:v1.108.14", "1.108.14"],
  ["docker.io/litellm/litellm:v1.108.14@sha256:abc", "1.108.14"],
  ["host:5000/litellm:main", undefined],
  ["docker.io/litellm/litellm@sha256:abc", undefined],
])("the version of %s is %s", (image, expected) => {
  expect(versionOf(image)).toBe(expected);
});

describe("version", () => {
  function run(args: string[], env: Record<string, string> = {}) {
    const script = scriptCommand("version.ts", args);
    // No gcloud is needed, nor a network.
    return runProcess(script.command, script.args, {
      env: { ...script.env, PATH: "/nowhere", ...env },
    });
  }

  test("of the shipped image lacks no fix", async () => {
    const { stdout, exitCode } = await run([]);
    expect(stdout).toContain("LiteLLM 1.108.14 in env dev");
    expect(stdout).toContain("No fix is lacking of those known on 2026-11-27.");
    expect(exitCode).toBe(0);
  });

  test("of an old image names each, with its source, and exits with 1", async () => {
    const IMAGE = "docker.io/litellm/litellm:v1.83.7";
    const { stdout, exitCode } = await run([], { IMAGE });
    expect(stdout).toContain("CVE-2026-49468 (GHSA-4xpc-pv4p-pm3w)");
    expect(stdout).toContain("https://github.com/BerriAI/litellm/security/");
    expect(exitCode).toBe(1);
  });

  test("of one before the oldest that is safe says so, and exits with 1", async () => {
    const IMAGE = "docker.io/litellm/litellm:v1.84.0";
    const { stdout, exitCode } = await run([], { IMAGE });
    expect(stdout).toContain("Before 1.104.7 there are holes");
    expect(exitCode).toBe(1);
  });

  test("of an env that there is not is wrong usage", async () => {
    const { stderr, exitCode } = await run(["dve"]);
    expect(stderr).toContain('Did you mean "dev"?');
    expect(exitCode).toBe(2);
  });
});
