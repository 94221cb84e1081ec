import { describe, expect, test } from "vitest";
import { describeReach } from "../../../scripts/lib/service/describe-reach.ts";
import { planDeploy } from "../../../scripts/lib/service/deploy/plan-deploy.ts";
import { mapKeys } from "../../../scripts/lib/settings/keys.ts";
import {
  deployedState,
  emptyState,
  inputWith,
  newKey,
  settingsWith,
} from "../../support/states.ts";

type Values = Record<string, string>;

/** What a deploy of `wanted` says where `there` was deployed. */
function say(wanted: Values, there?: Values): string {
  const state =
    there === undefined
      ? emptyState()
      : deployedState(inputWith({ settings: settingsWith(there) }));
  const settings = settingsWith(wanted);
  const keys = mapKeys(() => newKey);
  const input = inputWith({ settings, ...(there === undefined && { keys }) });
  const { plan } = planDeploy(input, state);
  return describeReach(plan, settings, state).join("\n");
}

const INTERNAL = { INGRESS: "internal" };

describe("from where a deploy can be verified", () => {
  test("is said where the service is closed to the internet at once", () => {
    expect(say(INTERNAL)).toMatchInlineSnapshot(`
      "note: ingress is internal: calls from the internet find no service, so the verification fails
        unless this command runs on a machine inside the project's VPC network"
    `);
  });

  test("is what the service has, and not what it is to have, where it serves", () => {
    expect(say({}, INTERNAL)).toContain("ingress is internal");
    expect(say(INTERNAL, {})).toMatchInlineSnapshot(`
      "note: ingress becomes internal with the traffic: from then on only a machine inside the
        project's VPC network can verify, and deploy again"
    `);
  });

  test("is not said where it is open, or where nothing is to be done", () => {
    expect(say({})).toBe("");
    expect(say({ TIMEOUT: "222" }, {})).toBe("");
    expect(say(INTERNAL, INTERNAL)).toBe("");
  });
});
