import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Finding } from "../../scripts/lib/litellm-config/finding.ts";
import { TEAM, withFiles } from "../support/config-sets.ts";
import { write } from "../support/litellm-config.ts";
import { scriptCommand } from "../support/quick-scripts/script-command.ts";

/** A model that has no retirement date. */
const LASTING = `  - {model_name: pro, litellm_params: {model: vertex_ai/gemini-4-argon}}`;

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), "validate-"));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

function save(name: string, text: string): string {
  const file = path.join(directory, name);
  writeFileSync(file, text);
  return file;
}

function validate(...args: string[]) {
  const script = scriptCommand("validate.ts", args);
  return spawnSync(script.command, script.args, {
    env: { ...process.env, ...script.env },
    encoding: "utf8",
  });
}

describe("npm run validate", () => {
  test("is done with a config that is right", () => {
    const file = save("right.yaml", write({ models: LASTING }));
    const { status, stdout, stderr } = validate(file);
    expect(stderr).toBe(`${file}: no findings\n`);
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  });

  test("exits with 2 and tells every error as a compiler would", () => {
    const file = save(
      "wrong.yaml",
      write({
        models: LASTING,
        litellm: "  drop_parms: os.environ/Y\n  request_timeout: os.environ/X",
      }),
    );
    const { status, stdout, stderr } = validate(file);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr.split("\n")).toContain("  hint: Did you mean drop_params?");
    expect(stderr).toContain(`${file}:6:3: error: LiteLLM`);
    expect(stderr).toContain(
      `${file}:7:20: warning: X has no value but in an env`,
    );
    expect(stderr.split("\n").every((line) => line.length <= 80)).toBe(true);
    expect(stderr).toMatch(/\nerror: 1 error, 1 warning\n$/);
  });

  test("is done with a config that has nothing but warnings", () => {
    const file = save(
      "doubtful.yaml",
      write({ models: LASTING, litellm: "  something_of_tomorrow: 1" }),
    );
    const { status, stderr } = validate(file);
    expect(status).toBe(0);
    expect(stderr).toContain(`${file}:6:3: warning: `);
    expect(stderr).toMatch(/: 1 warning\n$/);
  });

  test("prints the findings as JSON on standard output alone", () => {
    const file = save(
      "json.yaml",
      write({ models: LASTING, more: "include: [a]" }),
    );
    const { status, stdout } = validate("--json", file);
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      findings: [
        {
          file,
          line: 8,
          column: 1,
          severity: "error",
          message:
            "include names further files, but only this one reaches the service",
          hint: "Put them into one directory, this file as config.yaml, and set CONFIG to the directory. Or put everything into this file.",
        },
      ],
    });
  });

  test("takes a directory with all that its config includes and names", async () => {
    const files = { ...TEAM, "config.yaml": "include: [modles.yaml]\n" };
    await withFiles(TEAM, (set) => {
      expect(validate(set)).toMatchObject({ status: 0 });
    });
    await withFiles(files, (set) => {
      expect(validate(set).stderr).toContain(
        `${path.join(set, "config.yaml")}:1:11: error: `,
      );
    });
  });

  test("takes the mode from the name of the file, or from --mode", () => {
    const text = write({ models: LASTING });
    expect(validate(save("my.yaml", text)).status).toBe(0);
    const other = save("my.apikey.yaml", text);
    expect(validate(other).status).toBe(2);
    expect(validate("--mode=vertex", other).status).toBe(0);
  });

  test("knows every key that a config names", () => {
    const models = `  - {model_name: pro, litellm_params: {model: gemini/gemini-4-argon, api_key: os.environ/GEMINI_API_KEY}}`;
    const file = save("key.yaml", write({ models }));
    expect(validate("--mode=apikey", file).stderr).toContain("no findings");
  });

  test("checks the project's own configs, and only time speaks against them", () => {
    const { status, stdout, stderr } = validate("--json");
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    expect(
      findings.filter(({ message }) => !message.includes(" retire")),
    ).toEqual([]);
    const errors = findings.filter(({ severity }) => severity === "error");
    expect(status).toBe(errors.length === 0 ? 0 : 2);
    if (status === 0) {
      expect(stderr).toContain(
        "config/litellm.vertex.yaml, config/litellm.apikey.yaml: ",
      );
    }
  });

  test.each([
    [["none.yaml"], "error: none.yaml cannot be read"],
    [["--mode=both"], "error: --mode=both: expected vertex or apikey"],
    [["--jsn"], "Did you mean --json?"],
    [["a.yaml", "b.yaml"], "error: unexpected argument: b.yaml"],
  ])("exits with 2 when it is used as in %j", (args, message) => {
    const { status, stderr } = validate(...args);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });

  test("explains itself", () => {
    const { status, stdout } = validate("--help");
    expect(status).toBe(0);
    expect(stdout).toContain("Usage: npx tsx scripts/validate.ts [file]");
    expect(stdout.split("\n").every((line) => line.length <= 80)).toBe(true);
  });
});
