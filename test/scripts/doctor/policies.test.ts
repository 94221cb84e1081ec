import { expect, test } from "vitest";
import {
  type PolicyRule,
  judgePolicy,
} from "../../../scripts/lib/doctor/policies.ts";
import { settingsWith } from "../../support/states.ts";

const OF = {
  invoker: "run.managed.requireInvokerIam",
  ingress: "run.allowedIngress",
  places: "gcp.resourceLocations",
} as const;

function judge(
  constraint: keyof typeof OF,
  rules: PolicyRule[],
  values: Record<string, string> = {},
  fresh = false,
): string {
  const settings = settingsWith(values);
  const { state, detail } = judgePolicy(OF[constraint], rules, settings, fresh);
  return `${state}: ${detail}`;
}

const allow = (...allowedValues: string[]): PolicyRule[] => [
  { values: { allowedValues } },
];
const deny = (...deniedValues: string[]): PolicyRule[] => [
  { values: { deniedValues } },
];

test("the invoker check may not be switched off where it is required", () => {
  expect(judge("invoker", [{ enforce: true }])).toBe(
    "problem: forbids ACCESS=public",
  );
  expect(judge("invoker", [{ enforce: false }])).toBe(
    "ok: allows ACCESS=public",
  );
  expect(judge("invoker", [{ enforce: true }], { ACCESS: "iam" })).toBe(
    "ok: asks nothing of this env",
  );
});

test.each<[PolicyRule[], string]>([
  [[], "ok"],
  [[{ allowAll: true }], "ok"],
  [[{ denyAll: true }], "problem"],
  [allow("all"), "ok"],
  [allow("is:all"), "ok"],
  [allow("internal", "internal-and-cloud-load-balancing"), "problem"],
  [deny("all"), "problem"],
  [deny("internal"), "ok"],
])("INGRESS=all under %j is %s", (rules, state) => {
  expect(judge("ingress", rules).split(":")[0]).toBe(state);
});

test.each<[PolicyRule[], string]>([
  [[{ allowAll: true }], "ok"],
  [allow("us-central1"), "ok"],
  [allow("in:us-central1-locations"), "ok"],
  [allow("in:europe-locations", "in:us-locations"), "ok"],
  [allow("in:europe-west1-locations"), "problem"],
  [allow("in:europe-locations"), "problem"],
  [allow("in:northamerica-locations"), "warning"],
  [deny("in:us-locations"), "problem"],
  [deny("in:low-carbon-us-locations"), "warning"],
  [deny("in:europe-west1-locations"), "ok"],
])("REGION=us-central1 under %j is %s", (rules, state) => {
  expect(judge("places", rules).split(":")[0]).toBe(state);
});

test("new secrets need their locations, or global", () => {
  const rules = allow("in:us-locations");
  expect(judge("places", rules)).toBe("ok: allows us-central1");
  expect(judge("places", rules, {}, true)).toBe("problem: forbids global");
  const SECRET_LOCATIONS = "us-east1,europe-west1";
  expect(judge("places", rules, { SECRET_LOCATIONS }, true)).toBe(
    "problem: forbids europe-west1",
  );
});
