import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

// What is rehearsed has to be what is deployed: who moves IMAGE moves the lock too.

const ROOT = path.resolve(import.meta.dirname, "../../../..");

function read(file: string): string {
  return readFileSync(path.join(ROOT, file), "utf8");
}

const IMAGE = (
  JSON.parse(read("config/env.schema.json")) as {
    properties: { IMAGE: { default: string } };
  }
).properties.IMAGE.default;

test.each([
  ["requirements.in", /^litellm\[.+\]==(\S+)$/m],
  ["requirements.txt", /^litellm==(\S+) /m],
])(
  "emulator/machine/litellm/%s names the version of IMAGE (if not: npm run lock:litellm)",
  (file, pattern) => {
    const [, version] =
      pattern.exec(read(`emulator/machine/litellm/${file}`)) ?? [];
    expect(`docker.io/litellm/litellm:v${version}`).toBe(IMAGE);
  },
);
