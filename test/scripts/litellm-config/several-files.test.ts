import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readNamedVariables } from "../../../scripts/lib/settings/named-variables.ts";
import { SETS, TEAM, withFiles } from "../../support/config-sets.ts";
import { checkSet, listOfSet } from "../../support/litellm-config.ts";

// That LiteLLM itself starts with what is accepted here, and does not with what
// is refused, is for test/deep.
test.each(SETS)("the verdict on $what", async ({ files }) => {
  expect(await withFiles(files, listOfSet)).toMatchSnapshot();
});

describe("a config of several files", () => {
  test("offers the models of all, and needs what all refer to", async () => {
    await withFiles(TEAM, (directory) => {
      const names = checkSet(directory).config?.models.map(({ name }) => name);
      expect(names).toEqual(["pro", "other"]);
      expect(readNamedVariables(directory).references).toEqual([
        "PROJECT_ID",
        "REGION",
        "LITELLM_MASTER_KEY",
        "GEMINI_API_KEY",
      ]);
    });
  });

  test("counts nothing that no config includes, and says so", async () => {
    const files = {
      ...TEAM,
      "old.yaml": "general_settings: {master_key: os.environ/OLD_KEY}\n",
    };
    await withFiles(files, (directory) => {
      expect(readNamedVariables(directory).references).not.toContain("OLD_KEY");
      expect(listOfSet(directory)).toEqual([
        "old.yaml:1:1 warning: no config includes old.yaml, and no Python file names it",
      ]);
    });
  });

  test("is refused where an include is no text, before its keys are known", async () => {
    await withFiles(TEAM, async (directory) => {
      const file = path.join(directory, "more-models.yaml");
      const text = `\uFEFF${TEAM["more-models.yaml"] ?? ""}`;
      await writeFile(file, Buffer.from(text, "utf16le"));
      expect(() => readNamedVariables(directory)).toThrow(
        `${file} is UTF-16, not UTF-8`,
      );
    });
  });

  test("holds no secret, whatever the kind of the file", async () => {
    const secret = `sk-${"x1".repeat(12)}`;
    const files = {
      ...TEAM,
      "rules.py": `${TEAM["rules.py"] ?? ""}KEY = "${secret}"\n`,
      "words.txt": `first\n  ${secret}\n`,
    };
    await withFiles(files, (directory) => {
      const { findings } = checkSet(directory);
      expect(listOfSet(directory)).toEqual([
        "rules.py:3:8 error: this looks like a secret key (sk-…): a secret does not belong here",
        "words.txt:2:3 error: this looks like a secret key (sk-…): a secret does not belong here",
      ]);
      expect(JSON.stringify(findings)).not.toContain(secret);
      // What mends it is told in the words of the file.
      expect(findings.map(({ hint }) => hint)).toEqual([
        expect.stringContaining('os.environ["NAME"]'),
        expect.stringMatching(/^Take it out, and revoke the value/),
      ]);
    });
  });

  test("is refused with what would surprise", async () => {
    await withFiles(TEAM, async (directory) => {
      const at = (name: string): string => path.join(directory, name);
      await symlink("/etc/hostname", at("link.txt"));
      await writeFile(at(".env"), "A=1\n");
      await writeFile(at("empty.py"), "");
      await writeFile(at("latin.txt"), Buffer.from("a\n\u00e9\n", "latin1"));
      await writeFile(at("large.txt"), "x".repeat(64 * 1024 + 1));
      await writeFile(at("two words.txt"), "x\n");
      await mkdir(at("below"));
      // Python's own, and nobody's fault.
      await mkdir(at("__pycache__"));
      expect(listOfSet(directory)).toEqual([
        ".env:1:1 error: .env is hidden, and everything in this directory reaches the service",
        "below:1:1 error: below is a directory: the service has the files of one directory, and none below it",
        "empty.py:1:1 error: empty.py is empty, and Secret Manager takes no empty version",
        "latin.txt:2:1 error: byte 0xe9, which is not UTF-8",
        "link.txt:1:1 error: link.txt is a link: what it leads to may be another file elsewhere",
        'two words.txt:1:1 error: the name has other characters than A-Z, a-z, 0-9, ".", "_" and "-"',
        "large.txt:1:1 error: 65537 bytes: Secret Manager takes at most 65536",
      ]);
    });
  });

  test("has no more files than a secret has aliases for", async () => {
    const many = Array.from({ length: 11 }, (_, n): [string, string] => [
      `${n}.txt`,
      `${n}\n`,
    ]);
    await withFiles({ ...TEAM, ...Object.fromEntries(many) }, (directory) => {
      expect(listOfSet(directory)).toEqual([
        `config.yaml:1:1 error: 21 files stand in ${directory}, and 20 is the most`,
      ]);
    });
  });
});
