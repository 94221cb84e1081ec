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
  image = await buildImageFolder();
}, 300_000);
afterAll(() => image.remove());

const { verify, release } = imageCommands();

describe("the tools image", () => {
  test("has what a test in it needs, and nothing of this checkout's own", () => {
    const has = (name: string) => existsSync(path.join(image.directory, name));
    const packages = ["hono", "vitest", "@litellm-cloudrun/emulator"];
    for (const name of packages) expect(has(`node_modules/${name}`)).toBe(true);
    for (const name of [".git", ".cache"]) expect(has(name)).toBe(false);
    expect(has("test/deep/dockerfile.test.ts")).toBe(true);
  });

  test.each([
    [`${verify} --help`, "Usage: npx tsx scripts/verify.ts"],
    [`${release} --help`, "Usage: npx tsx scripts/release.ts"],
    ["npm run validate", "config/litellm.vertex.yaml"],
    ["npx tsx scripts/deploy.ts --help", "Usage: npx tsx scripts/deploy.ts"],
    ["npm run emulator -- --help", "Usage: npm run emulator"],
  ])("runs %s", async (command, expected) => {
    const { exitCode, output } = await image.run(command, { env: "dev" });
    expect(output).toContain(expected);
    expect(exitCode).toBe(0);
  });
});
