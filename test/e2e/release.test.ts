import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { itConforms } from "../support/discovery.ts";
import { isWrite } from "../support/inventory.ts";
import {
  FIRST,
  type Releases,
  setUpReleases,
} from "../support/set-up-releases.ts";

let releases: Releases;

beforeAll(async () => {
  releases = await setUpReleases();
});

afterAll(async () => {
  await releases.close();
});

/** The writes of a run, by method and path. */
async function writesOf(work: () => Promise<unknown>): Promise<string[]> {
  const { exchanges } = releases.emulator;
  const before = exchanges.length;
  await work();
  return exchanges
    .slice(before)
    .filter(isWrite)
    .map(({ method, path }) => `${method} ${path}`);
}

// Made again of the same: test/deep/release-rollback.test.ts.
describe("a release", () => {
  test("is refused before anything is written", async () => {
    const refusals: [string[], string][] = [
      [["prod-uk"], "prod-uk is no stage of clouddeploy.yaml"],
      [["prod-us"], "npx tsx scripts/promote.ts prod-us"],
      [[], "gcloud builds submit --config=cloudbuild.yaml"],
    ];
    const writes = await writesOf(async () => {
      for (const [args, message] of refusals) {
        const { exitCode, stderr } = await releases.run("release.ts", ...args);
        expect(exitCode).not.toBe(0);
        expect(stderr).toContain(message);
      }
      const prod = releases.emulator.cloud.project("demo-prod");
      prod.billingEnabled = false;
      const { stderr } = await releases.run("release.ts");
      expect(stderr).toContain("project demo-prod has no billing account");
      prod.billingEnabled = true;
    });
    expect(writes).toEqual([]);
  });

  test("previews everything, and writes nothing", async () => {
    releases.pushTools();
    let preview = "";
    const writes = await writesOf(async () => {
      preview = (await releases.run("release.ts", "--dry-run")).stdout;
    });
    expect(writes).toEqual([]);
    expect(preview).toContain(`gcloud deploy releases create ${FIRST} `);
    // A release leaves the pipeline to setup.ts.
    expect(preview).not.toContain("kind: Target");
    expect(preview).toContain("# from-param: ${image}");
  });

  test("prepares every project, and reaches the first stage verified", async () => {
    expect(await releases.json("release.ts")).toMatchObject({
      release: FIRST,
      target: "dev",
      state: "SUCCEEDED",
      image: expect.stringMatching(/litellm@sha256:/) as string,
    });
    expect(releases.inDev()).toEqual([`100 ${FIRST} 1`]);
    expect(releases.inProd("us-central1")).toEqual([]);
  });
});

describe("a promotion", () => {
  test("waits for approval, and goes on with it", async () => {
    expect(await releases.json("promote.ts", "--yes")).toMatchObject({
      target: "prod-us",
      to: { release: FIRST },
      waits: true,
    });
    expect(releases.inProd("us-central1")).toEqual([]);
    const { rollout } = await releases.json("promote.ts", "--approve", "--yes");
    expect(rollout).toBe(`${FIRST}-to-prod-us-0001`);
    expect(releases.inProd("us-central1")).toEqual([`100 ${FIRST} 1`]);
  });
});

itConforms(() => releases.emulator.exchanges);
