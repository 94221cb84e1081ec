import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { itConforms } from "../support/discovery.ts";
import {
  type Twins,
  closeTwins,
  exchangesOf,
  expectSame,
  listOtherLines,
  openTwins,
} from "../support/twins.ts";

let twins: Twins;

beforeAll(async () => {
  twins = await openTwins();
});

afterAll(() => closeTwins(twins));

// A changed deploy, another mode, clean: test/deep/dry-run.test.ts.
describe("the commands that deploy --dry-run prints do what deploy does", () => {
  test("for a first deploy into an empty project", async () => {
    const preview = await expectSame(twins, "deploy.ts", ["local"]);
    expect(listOtherLines(preview)).toEqual([]);
    expect(preview).toContain("gcloud services enable");
  });
});

itConforms(() => exchangesOf(twins));
