import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { pushImage } from "../../../../emulator/apis/artifact-registry/push-image.ts";
import {
  type ToolsContainer,
  runTools,
} from "../../../../emulator/apis/cloud-build/run-tools.ts";
import {
  type Workshop,
  openWorkshop,
} from "../../../../emulator/apis/cloud-build/workshop.ts";
import {
  BUILDER,
  IMAGES,
  makeSource,
  startBuildEmulator,
} from "../../../support/builds.ts";
import type { TestEmulator } from "../../../support/emulator.ts";

const IMAGE = `${IMAGES}/tools:v1`;

let emulator: TestEmulator;
let workshop: Workshop;
let source: string;

beforeAll(async () => {
  emulator = await startBuildEmulator();
  const { cloud, url } = emulator;
  workshop = openWorkshop(cloud, url, () => undefined);
  source = await makeSource({ "hello.txt": "hello\n" });
  const digest = `sha256:${"3c".repeat(32)}`;
  const content = { kind: "tools", directory: source } as const;
  pushImage(cloud, `serviceAccount:${BUILDER}`, IMAGE, { digest, content });
});

afterAll(async () => {
  await workshop.close();
  await emulator.close();
  await rm(source, { recursive: true, force: true });
});

const start = (script: string, changes: Partial<ToolsContainer> = {}) => {
  const lines: string[] = [];
  const ended = runTools(workshop, {
    image: IMAGE,
    command: ["sh", "-c"],
    args: [script],
    env: {},
    account: BUILDER,
    projectId: "demo-litellm",
    log: (line) => lines.push(line),
    ...changes,
  });
  return { lines, ended };
};

it("is its service account to gcloud, which asks the metadata server", async () => {
  const { lines, ended } = start(
    [
      "gcloud config config-helper --format='value(credential.id_token)'",
      "gcloud auth print-identity-token --audiences=https://service.example",
    ].join(" && "),
  );
  expect(await ended, lines.join("\n")).toBe(0);
  const claims = lines
    .filter((line) => line.startsWith("eyJ"))
    .map((token) => {
      const [, payload = ""] = token.split(".");
      const text = Buffer.from(payload, "base64url").toString();
      return JSON.parse(text) as { aud: string; email: string };
    });
  // gcloud holds a token for itself, which no service takes.
  expect(claims.map(({ aud }) => aud)).toEqual([
    expect.stringMatching(/apps\.googleusercontent\.com$/),
    "https://service.example",
  ]);
  expect(claims.map(({ email }) => email)).toEqual([BUILDER, BUILDER]);
});

it("runs in a copy of the source, which it can change", async () => {
  const { lines, ended } = start(
    "cd /app && cat hello.txt && echo changed > hello.txt && exit 5",
  );
  expect(await ended).toBe(5);
  expect(lines.at(-1)).toBe("hello");
  const again = start("cat /app/hello.txt");
  expect(await again.ended).toBe(0);
  expect(again.lines.at(-1)).toBe("hello");
});

it("says that it runs on this machine", async () => {
  const { lines, ended } = start("true");
  await ended;
  expect(lines[0]).toMatch(/^The emulator runs this container as a process/);
});

it("has the account's identity, and the variables that it was given", async () => {
  const { lines, ended } = start(
    'gcloud config get account && echo "$projectId"; gcloud config get project',
    { env: { projectId: "demo-us" } },
  );
  expect(await ended).toBe(0);
  expect(lines.filter((line) => !line.includes("active config"))).toEqual(
    expect.arrayContaining([BUILDER, "demo-us", "demo-litellm"]),
  );
});

it("ends with its signal", async () => {
  const stop = new AbortController();
  const { lines, ended } = start("echo $$; exec sleep 60", {
    signal: stop.signal,
  });
  await vi.waitFor(() => {
    expect(lines.at(-1)).toMatch(/^\d+$/);
  });
  stop.abort();
  expect(await ended).not.toBe(0);
  expect(() => process.kill(Number(lines.at(-1)), 0)).toThrow("ESRCH");
});

it.each([
  [
    "an image that is not there",
    { image: `${IMAGES}/tools:v2` },
    "manifest unknown",
  ],
  [
    "an account that may not pull",
    { account: "x@y.iam.gserviceaccount.com" },
    "downloadArtifacts' denied",
  ],
  ["no command", { command: [], args: [] }, "without a command"],
])("refuses %s", async (_what, changes, expected) => {
  await expect(start("true", changes).ended).rejects.toThrow(expected);
});

it("ends with the workshop", async () => {
  const other = openWorkshop(emulator.cloud, emulator.url, () => undefined);
  const lines: string[] = [];
  const ended = runTools(other, {
    image: IMAGE,
    command: ["sh", "-c"],
    args: ["echo $$; sleep 60"],
    env: {},
    account: BUILDER,
    projectId: "demo-litellm",
    log: (line) => lines.push(line),
  });
  await vi.waitFor(() => {
    expect(lines.at(-1)).toMatch(/^\d+$/);
  });
  await other.close();
  expect(await ended).not.toBe(0);
  expect(() => process.kill(Number(lines.at(-1)), 0)).toThrow("ESRCH");
});
