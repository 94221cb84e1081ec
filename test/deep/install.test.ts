import { existsSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ImageFolder,
  buildImageFolder,
  imageCommands,
} from "../support/image-folder.ts";

let image: ImageFolder;
beforeAll(async () => {
  image = await buildImageFolder("npm ci --omit=dev --workspaces=false");
}, 300_000);
afterAll(() => image.remove());

const { verify, release } = imageCommands();

describe("an installation without the emulator and what develops", () => {
  test("has neither", () => {
    const has = (name: string) =>
      existsSync(path.join(image.directory, "node_modules", name));
    expect(has("zx")).toBe(true);
    for (const name of ["hono", "@litellm-cloudrun", "vitest", "typescript"]) {
      expect(has(name)).toBe(false);
    }
  });

  test.each([
    [`${verify} --help`, "Usage: npx tsx scripts/verify.ts"],
    [`${release} --help`, "Usage: npx tsx scripts/release.ts"],
    ["npm run validate", "config/litellm.vertex.yaml"],
  ])("runs %s", async (command, expected) => {
    const { exitCode, output } = await image.run(command, { env: "dev" });
    expect(output).toContain(expected);
    expect(exitCode).toBe(0);
  });
});
