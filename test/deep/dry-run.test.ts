import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { geminiOf, newGeminiApiKey } from "../../emulator/apis/gemini/state.ts";
import { itConforms } from "../support/discovery.ts";
import { takeManifests } from "../support/inventory.ts";
import {
  type Twins,
  closeTwins,
  editBoth,
  exchangesOf,
  expectSame,
  listOtherLines,
  openTwins,
} from "../support/twins.ts";

let twins: Twins;
let apikey: Record<string, string>;

beforeAll(async () => {
  twins = await openTwins();
  const { pasted, real } = twins;
  const key = newGeminiApiKey(geminiOf(pasted.emulator.cloud));
  geminiOf(real.emulator.cloud).apiKeys.add(key);
  apikey = { MODE: "apikey", GEMINI_API_KEY: key };
});

afterAll(() => closeTwins(twins));

describe("the commands that deploy --dry-run prints do what deploy does", () => {
  test("for a first deploy into an empty project", async () => {
    const preview = await expectSame(twins, "deploy.ts", ["local"]);
    expect(listOtherLines(preview)).toEqual([]);
    expect(preview).toContain("gcloud services enable");
  });

  test("for a changed config and setting", async () => {
    await editBoth(
      twins,
      "config/litellm.vertex.yaml",
      (text) => `${text}# changed\n`,
    );
    await editBoth(
      twins,
      "envs/local.env",
      (text) => `${text}CONCURRENCY=20\n`,
    );
    const preview = await expectSame(twins, "deploy.ts", ["local"]);
    expect(listOtherLines(preview)).toEqual([]);
    expect(preview).toMatch(
      /npx tsx scripts\/verify\.ts local --quick --tag=cand-/,
    );
  });

  test("for a switch to the other mode", async () => {
    const preview = await expectSame(twins, "deploy.ts", ["local"], apikey);
    expect(listOtherLines(preview)).toEqual([]);
    expect(preview).not.toContain(apikey.GEMINI_API_KEY);
    expect(preview).toContain("gcloud projects remove-iam-policy-binding");
  });

  test("when there is nothing to do", async () => {
    const preview = await expectSame(twins, "deploy.ts", ["local"], apikey);
    expect(preview).toBe("# nothing to do\n");
  });
});

describe("the commands that clean --dry-run prints do what clean does", () => {
  test("for all that a deploy made", async () => {
    const preview = await expectSame(
      twins,
      "clean.ts",
      ["local", "--yes"],
      apikey,
    );
    expect(listOtherLines(preview)).toEqual([]);
    expect(takeManifests(twins.pasted.emulator)).toEqual([]);
  });

  test("when there is nothing left", async () => {
    const preview = await expectSame(twins, "clean.ts", ["local", "--yes"]);
    expect(preview).toBe("# nothing to do\n");
  });
});

itConforms(() => exchangesOf(twins));
