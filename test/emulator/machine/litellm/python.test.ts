import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  findPython,
  makeVirtualEnvironment,
} from "../../../../emulator/machine/litellm/python.ts";

let bin: string;

beforeEach(() => {
  bin = mkdtempSync(path.join(tmpdir(), "python-test-"));
  vi.stubEnv("PATH", bin);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(bin, { recursive: true, force: true });
});

function install(name: string, script: string): void {
  const file = path.join(bin, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

it("takes a newer Python where python3 is too old", async () => {
  install("python3", "echo Python 3.9.18");
  install("python3.12", "echo Python 3.12.4");
  expect(await findPython()).toEqual({
    command: "python3.12",
    version: "3.12.4",
  });
});

it("names the command that installs Python where there is none", async () => {
  install("python3", "echo Python 3.9.18");
  await expect(findPython()).rejects.toMatchObject({
    message:
      "LiteLLM needs Python 3.10 or newer, and there is none on the PATH: python3 is 3.9.18.",
    hint: expect.stringMatching(/^Install it: \S+/) as string,
  });
});

it.runIf(process.platform === "linux")(
  "names the package that Debian keeps venv in",
  async () => {
    install("python3", "echo 'ensurepip is not available'; exit 1");
    const python = { command: "python3", version: "3.11.7" };
    await expect(
      makeVirtualEnvironment(python, path.join(bin, "venv")),
    ).rejects.toMatchObject({
      hint: expect.stringMatching(/python3(\.11-venv)?$/) as string,
    });
  },
);
