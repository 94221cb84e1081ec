import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { makePages } from "./documents/pages.ts";

// `npm run docs`: writes the generated parts of docs/commands.md and
// docs/settings.md. With --check it writes nothing and fails when one is stale.

const ROOT = path.resolve(import.meta.dirname, "..");

const { values } = parseArgs({
  options: { check: { type: "boolean", default: false } },
});

for (const { file, text } of await makePages(ROOT)) {
  const place = path.join(ROOT, file);
  if (readFileSync(place, "utf8") === text) continue;
  if (values.check) {
    console.error(`${file} is stale: npm run docs`);
    process.exitCode = 1;
  } else {
    writeFileSync(place, text);
    console.error(`${file} is written.`);
  }
}
