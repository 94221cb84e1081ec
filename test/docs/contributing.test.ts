import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { listCode } from "./markdown.ts";

// "Add a key" is done by test/deep/providers.test.ts.

const blocks = listCode(
  readFileSync("CONTRIBUTING.md", "utf8"),
  "Add an optional part of the manifest",
);

test.each([
  "config/env.schema.json",
  "config/service.yaml",
  "scripts/lib/manifest/parameters.ts",
])("%s has what CONTRIBUTING.md shows of an optional part", (file) => {
  const text = withoutIndent(readFileSync(file, "utf8"));
  const shown = blocks.filter((code) => text.includes(withoutIndent(code)));
  expect(blocks).toHaveLength(3);
  expect(shown).toHaveLength(1);
});

function withoutIndent(text: string): string {
  return text.replaceAll(/^ +/gm, "");
}
