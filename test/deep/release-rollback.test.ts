import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { itConforms } from "../support/discovery.ts";
import { isWrite } from "../support/inventory.ts";
import {
  FIRST,
  QUICK,
  type Releases,
  setUpReleases,
} from "../support/set-up-releases.ts";

const CONFIG = "config/litellm.vertex.yaml";

let releases: Releases;

beforeAll(async () => {
  releases = await setUpReleases();
  releases.pushTools();
  await releases.json("release.ts");
});

afterAll(async () => {
  await releases.close();
});

describe("a first release", () => {
  test("is not made again of the same", async () => {
    const { exchanges } = releases.emulator;
    const before = exchanges.length;
    expect(await releases.json("release.ts")).toMatchObject({
      release: FIRST,
      steps: [],
    });
    const { stdout } = await releases.succeed(
      "promote.ts",
      "--approve",
      "--dry-run",
    );
    expect(stdout).toMatch(/releases promote [^]*rollouts approve /);
    expect(exchanges.slice(before).filter(isWrite)).toEqual([]);
  });

  test("is the only one, so there is nothing to go back to", async () => {
    const run = await releases.run("rollback.ts", "dev", "--yes");
    expect(run.stderr).toContain("there is nothing to go back to");
    expect(run.exitCode).toBe(1);
  });
});

describe("a promotion", () => {
  beforeAll(async () => {
    await releases.json("promote.ts", "--approve", "--yes");
  });

  test("is followed where an automation has begun it", async () => {
    await releases.json("promote.ts", "prod-eu", "--yes");
    expect(releases.inProd("europe-west1")).toEqual([`100 ${FIRST} 1`]);
    const { stderr, exitCode } = await releases.run("promote.ts", "--yes");
    expect(stderr).toContain("Nothing to promote");
    expect(exitCode).toBe(0);
  });
});

describe("a changed config", () => {
  test("is another release of the same commit, verified as a canary", async () => {
    releases.verifyWith(QUICK);
    await releases.workspace.edit(CONFIG, (text) => `${text}\n# changed\n`);
    await releases.json("release.ts");
    expect(releases.inDev()).toEqual([`100 ${FIRST}-2 1`]);
    const { stderr } = await releases.run("promote.ts", "--approve", "--yes");
    expect(stderr).toMatch(
      /0 %: verified[^]*50 %: verified[^]*stable: verified/,
    );
    expect(releases.inProd("us-central1")).toEqual([`100 ${FIRST}-2 1`]);
  });
});

describe("a rollback", () => {
  test("brings the release before back", async () => {
    expect(await releases.json("rollback.ts", "dev", "--yes")).toMatchObject({
      from: { release: `${FIRST}-2` },
      to: { release: FIRST },
      rollout: `${FIRST}-to-dev-0002`,
    });
    expect(releases.inDev()).toEqual([`100 ${FIRST} 1`]);
    const { stdout } = await releases.succeed("rollback.ts", "dev", "--list");
    expect(stdout).toMatch(/^RELEASE .*\nr-0123456789ab .* serves\n$/);
  });

  test("makes a new release with today's key where the old one cannot be read", async () => {
    const secret = "litellm-master-key-prod";
    const rotated = await releases.json(
      "rotate.ts",
      "prod-us",
      "--confirm=prod-us",
    );
    expect(rotated).toMatchObject({ secret, version: 2, waits: true });
    await releases.emulator.gcloud([
      ...["secrets", "versions", "destroy", "1", `--secret=${secret}`],
      ...["--project=demo-prod", "--quiet"],
    ]);
    expect(
      await releases.json("rollback.ts", "prod-us", "--yes"),
    ).toMatchObject({
      to: { release: FIRST },
      release: `${FIRST}-now`,
      reasons: [`version 1 of ${secret} is disabled`],
    });
    expect(releases.inProd("us-central1")).toEqual([`100 ${FIRST}-now 2`]);
  });
});

itConforms(() => releases.emulator.exchanges);
