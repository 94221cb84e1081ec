import { readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { itConforms } from "../support/discovery.ts";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "../support/emulator.ts";
import { BUILD_FILES } from "./build-file.ts";

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
  const apis = ["artifactregistry", "cloudbuild", "iam", "logging"];
  const names = apis.map((api) => `${api}.googleapis.com`);
  await emulator.gcloud(["services", "enable", ...names]);
  for (const name of ["build", "check"]) {
    const create = ["iam", "service-accounts", "create", `litellm-${name}`];
    await emulator.gcloud(create);
  }
});
afterAll(() => emulator.close());

function submit(file: string): Promise<Finished> {
  return emulator.gcloud([
    ...["builds", "submit", "--no-source", "--async", `--config=${file}`],
    ...["--region=us-central1", "--format=value(id)"],
  ]);
}

describe("gcloud builds submit", () => {
  test.each(BUILD_FILES)("takes the whole of %s", async (file) => {
    const { stdout, stderr, exitCode } = await submit(file);
    expect(stderr).toMatch(/^Created \[/);
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/^[0-9a-f-]{36}\n$/),
    ]);
    const sent = emulator.exchanges.findLast(
      (e) => e.method === "POST" && e.path.includes("/builds"),
    );
    expect(JSON.parse(sent?.requestBody ?? "")).toMatchObject(
      parse(await readFile(file, "utf8")) as object,
    );
  });

  test("refuses a misspelt field before it sends anything", async () => {
    const text = await readFile("cloudbuild.yaml", "utf8");
    const file = path.join(
      tmpdir(),
      `litellm-cloudrun-${String(process.pid)}.yaml`,
    );
    await writeFile(file, text.replace("entrypoint:", "entrypiont:"));
    const { stderr, exitCode } = await submit(file);
    await rm(file);
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining(".steps[2].entrypiont: unused"),
    ]);
  });
});

itConforms(() => emulator.exchanges);
