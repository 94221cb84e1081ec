import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { itConforms } from "../support/discovery.ts";
import { expectDone } from "../support/expect-done.ts";
import {
  type Watched,
  closeWatched,
  expectStored,
  keepSecret,
  newKeys,
  openWatched,
} from "../support/keep-secret.ts";

let watched: Watched;

beforeAll(async () => {
  watched = await openWatched();
});

afterAll(() => closeWatched(watched));

// One that nobody brings: test/e2e/deploy.test.ts. From standard input, from a prompt, from plain values, and what fails: test/deep/secrets.test.ts.
describe("a key that the operator brings stays secret", () => {
  test("when it comes from the environment", async () => {
    const keys = newKeys(watched);
    const secrets = Object.values(keys);
    const env = {
      LITELLM_MASTER_KEY: keys.master,
      GEMINI_API_KEY: keys.gemini,
    };
    const preview = await keepSecret(
      watched,
      secrets,
      (options) =>
        watched.workspace.script("deploy.ts", ["local", "--dry-run"], options),
      env,
    );
    expect(preview.stdout).toContain('printf %s "$LITELLM_MASTER_KEY" |');
    const run = await keepSecret(
      watched,
      secrets,
      (options) =>
        watched.workspace.script("deploy.ts", ["local", "--json"], options),
      env,
    );
    expectDone(run);
    expectStored(watched, keys);
  });
});

itConforms(() => watched.emulator.exchanges);
