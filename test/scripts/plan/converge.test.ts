import { describe, expect, test } from "vitest";
import { newAttempt } from "../../../scripts/lib/service/attempt.ts";
import { converge } from "../../../scripts/lib/plan/converge.ts";
import { UserError } from "../../../scripts/lib/cli/errors.ts";
import { GcloudError } from "../../../scripts/lib/google/gcloud.ts";

const notYetVisible = new GcloudError(
  { args: ["run", "services", "replace", "-"] },
  1,
  "ERROR: (gcloud.run.services.replace) Permission denied on secret: projects/1/secrets/litellm-config/versions/1 for Revision service account a@p.iam.gserviceaccount.com.",
);

describe("an attempt", () => {
  test("is made again while Google has not seen a permission everywhere", async () => {
    const attempts: boolean[] = [];
    const result = await converge(
      (again) => {
        attempts.push(again);
        return attempts.length < 3
          ? Promise.reject(notYetVisible)
          : Promise.resolve("done");
      },
      [0, 0, 0],
    );
    expect(result).toBe("done");
    expect(attempts).toEqual([false, true, true]);
  });

  test.each([
    "Service account litellm-build@p.iam.gserviceaccount.com does not exist.",
    "NOT_FOUND: Unknown service account",
    "Service account litellmsa already exists within project projects/p.",
    "Resource in projects [p] is the subject of a conflict: Secret [projects/1/secrets/litellm-config] already exists.",
    "Google Cloud Run Service Agent service-1@serverless-robot-prod.iam.gserviceaccount.com must have permission to read the image, x.",
    "Cloud Deploy API has not been used in project 1 before or it is disabled. Enable it by visiting …",
  ])("is made again after: %s", async (stderr) => {
    let attempts = 0;
    const failure = new GcloudError({ args: ["x"] }, 1, `ERROR: ${stderr}`);
    const run = converge(() => {
      attempts += 1;
      return attempts === 1 ? Promise.reject(failure) : Promise.resolve("done");
    }, [0]);
    expect(await run).toBe("done");
  });

  test("fails in the end with Google's own words", async () => {
    let attempts = 0;
    const run = converge(() => {
      attempts += 1;
      return Promise.reject(notYetVisible);
    }, [0, 0]);
    await expect(run).rejects.toThrow("Permission denied on secret");
    expect(attempts).toBe(3);
  });

  test("is not made again for any other failure", async () => {
    let attempts = 0;
    const run = converge(() => {
      attempts += 1;
      return Promise.reject(new UserError("no billing"));
    }, [0, 0]);
    await expect(run).rejects.toThrow("no billing");
    expect(attempts).toBe(1);
  });

  test("has a name of its own that sorts by time", () => {
    const early = newAttempt(new Date("2026-11-24T00:00:00Z"));
    const late = newAttempt(new Date("2026-11-24T00:00:01Z"));
    expect(early).toMatch(/^[a-z0-9]{7}$/);
    expect(early < late).toBe(true);
  });
});
