import { describe, expect, test } from "vitest";
import {
  type Command,
  GcloudError,
} from "../../../scripts/lib/google/gcloud.ts";
import { applyPlan } from "../../../scripts/lib/plan/apply.ts";
import { gcloudStep, removalStep } from "../../../scripts/lib/plan/step.ts";

const command: Command = { args: ["secrets", "delete", "s"] };

/** Gclouds that can be held. */
function holdable(gcloud: (command: Command) => Promise<string>) {
  const hold = (held: Command) => ({
    letGo: () => gcloud(held),
    drop: () => Promise.resolve(),
  });
  return { gcloud, hold };
}

/** What gcloud says when it fails, time after time; then it succeeds. */
function failing(...sentences: string[]) {
  let calls = 0;
  const gcloud = (): Promise<string> => {
    const said = sentences[calls];
    calls += 1;
    return said === undefined
      ? Promise.resolve("")
      : Promise.reject(
          new GcloudError(command, 1, `ERROR: (gcloud.secrets.delete) ${said}`),
        );
  };
  return { calls: () => calls, ...holdable(gcloud) };
}

describe("a step", () => {
  test.each([
    "ABORTED: Conflict.",
    "RESOURCE_EXHAUSTED: Quota exceeded.",
    "Status code: 429. Too many requests.",
  ])("is tried again after: %s", async (said) => {
    const effects = failing(said);
    await applyPlan([[gcloudStep("Delete", command)]], effects);
    expect(effects.calls()).toBe(2);
  });

  test("fails at once for what does not pass", async () => {
    const effects = failing("PERMISSION_DENIED: no.");
    const plan = [[gcloudStep("Delete", command)]];
    await expect(applyPlan(plan, effects)).rejects.toThrow("PERMISSION_DENIED");
    expect(effects.calls()).toBe(1);
  });
});

// What gcloud says of each kind of thing: test/deep/removed-twice.test.ts.
describe("a removal", () => {
  test("is done where the thing is gone", async () => {
    const effects = failing("NOT_FOUND: Secret [s] not found.");
    await applyPlan([[removalStep("Delete", command)]], effects);
    expect(effects.calls()).toBe(1);
  });

  test("fails where something else is in its way", async () => {
    const plan = [[removalStep("Delete", command)]];
    const refused = applyPlan(plan, failing("PERMISSION_DENIED: no."));
    await expect(refused).rejects.toThrow("PERMISSION_DENIED");
    const other = new GcloudError(command, 127, "gcloud: command not found");
    const missing = holdable(() => Promise.reject(other));
    await expect(applyPlan(plan, missing)).rejects.toThrow("not installed");
  });
});
