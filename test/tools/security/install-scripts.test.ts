import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { expect, test } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../../..");

interface Lock {
  packages: Record<string, { hasInstallScript?: boolean; dev?: boolean }>;
}

interface Protobuf {
  parse: (text: string) => {
    root: {
      lookupType(name: string): {
        encode(message: object): { finish(): Uint8Array };
        decode(bytes: Uint8Array): object;
      };
    };
  };
}

test("install scripts are off", () => {
  const lines = readFileSync(path.join(ROOT, ".npmrc"), "utf8").split("\n");
  expect(lines).toContain("ignore-scripts=true");
});

/** Each works without its script; a new one in this list wants a test below. */
test("two packages would like to run one", () => {
  const lock = JSON.parse(
    readFileSync(path.join(ROOT, "package-lock.json"), "utf8"),
  ) as Lock;
  const names = Object.entries(lock.packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([name]) => name);
  expect(names).toEqual(["node_modules/esbuild", "node_modules/protobufjs"]);
});

test("esbuild works without its own", async () => {
  const { code } = await transform("const one: number = 1;", { loader: "ts" });
  expect(code).toBe("const one = 1;\n");
});

test("protobufjs works without its own", () => {
  const require = createRequire(import.meta.url);
  const name = "protobufjs";
  const { parse } = require(name) as Protobuf;
  const type = parse(
    'syntax = "proto3"; message Secret { string name = 1; }',
  ).root.lookupType("Secret");
  const bytes = type.encode({ name: "litellm-config" }).finish();
  expect({ ...type.decode(bytes) }).toEqual({ name: "litellm-config" });
});

test("npm run sbom prints what is installed, as CycloneDX has it", async () => {
  const { stdout } = await promisify(execFile)("npm", ["run", "-s", "sbom"], {
    cwd: ROOT,
    maxBuffer: 64 * 1024 * 1024,
  });
  const bom = JSON.parse(stdout) as {
    bomFormat: string;
    metadata: { component: { "bom-ref": string; type: string } };
    components: { name: string; version: string; purl: string }[];
  };
  expect(bom.bomFormat).toBe("CycloneDX");
  expect(bom.metadata.component).toMatchObject({
    // Its name is the folder's (npm 11).
    "bom-ref": expect.stringMatching(/^litellm-cloudrun@/) as string,
    type: "application",
  });
  expect(bom.components).toContainEqual(
    expect.objectContaining({
      name: "openai",
      purl: expect.stringMatching(/^pkg:npm\/openai@/) as string,
    }),
  );
});
