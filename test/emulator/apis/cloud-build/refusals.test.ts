import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createServiceAccount } from "../../../../emulator/apis/iam/service-account.ts";
import {
  DOCKER,
  addRole,
  newBuild,
  startBuildEmulator,
  submit,
} from "../../../support/builds.ts";
import { itConforms } from "../../../support/discovery.ts";
import type { TestEmulator } from "../../../support/emulator.ts";

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startBuildEmulator();
});

afterAll(() => emulator.close());

describe("a build that is refused", () => {
  const step = { name: DOCKER, args: ["version"] };

  it.each([
    ["no steps", newBuild([]), /no build steps/],
    [
      "an unknown field",
      newBuild([{ ...step, scriptt: "" }]),
      /Unknown name "scriptt" at 'build.steps\[0\]'/,
    ],
    [
      "script and args",
      newBuild([{ ...step, script: "x" }]),
      /script and args/,
    ],
    [
      "a step that waits for nothing there is",
      newBuild([{ ...step, waitFor: ["x"] }]),
      /depends on "x"/,
    ],
    [
      "a substitution that nobody gave",
      newBuild([{ ...step, args: ["$_X"] }]),
      /key in the template "_X" is not matched/,
    ],
    [
      "a name that is not Google's",
      newBuild([{ ...step, args: ["$image"] }]),
      /"image" is not a valid built-in substitution/,
    ],
    [
      "a substitution that nothing uses",
      newBuild([step], { substitutions: { _X: "" } }),
      /key "_X" in the substitution data is not matched in the template/,
    ],
    [
      "a bad timeout",
      newBuild([step], { timeout: "1h" }),
      /Illegal duration format/,
    ],
    [
      "no place for its logs",
      newBuild([step], { options: {} }),
      /either \(a\) specify 'build.logs_bucket'/,
    ],
    [
      "an account that is not there",
      newBuild([step], {
        serviceAccount:
          "projects/-/serviceAccounts/x@y.iam.gserviceaccount.com",
      }),
      /x@y/,
    ],
  ])("has %s", async (_what, body, expected) => {
    const { status, message } = await submit(emulator, body);
    expect(status).toBeLessThan(500);
    expect(message).toMatch(expected);
  });

  it("is one whose caller may not act as its account", async () => {
    const email = "editor@demo-litellm.iam.gserviceaccount.com";
    const project = emulator.cloud.project("demo-litellm");
    createServiceAccount(project, email, {});
    addRole(emulator, email, "roles/cloudbuild.builds.editor");
    const answer = await submit(
      emulator,
      newBuild([step]),
      `serviceAccount:${email}`,
    );
    expect(answer).toMatchObject({
      status: 403,
      message: expect.stringContaining("to act as service account") as string,
    });
  });
});

itConforms(() => emulator.exchanges);
