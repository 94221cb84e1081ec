import { expect, test } from "vitest";
import type { Facts } from "../../../scripts/lib/doctor/facts.ts";
import { judgeService } from "../../../scripts/lib/doctor/judge-service.ts";
import type { Service } from "../../../scripts/lib/manifest/knative.ts";
import { settingsWith } from "../../support/states.ts";

const NOTHING: Facts = {
  project: { value: undefined },
  billing: { value: undefined },
  apis: { value: new Set() },
  account: { value: undefined },
  secrets: new Map([["litellm-master-key", { value: undefined }]]),
  service: { value: undefined },
  held: new Map(),
  policies: new Map(),
  image: undefined,
  models: [],
  quotas: { value: new Map() },
};

function serviceWith(labels: Record<string, string>): Facts {
  const service: Service = {
    apiVersion: "serving.knative.dev/v1",
    kind: "Service",
    metadata: { name: "litellm-proxy", labels },
    spec: { template: { spec: { containers: [] } } },
  };
  return { ...NOTHING, service: { value: service } };
}

function judge(facts: Facts, values: Record<string, string> = {}): string[] {
  return judgeService(settingsWith(values), facts).map(
    ({ check, state, mend }) =>
      [check, state, mend].filter((part) => part !== undefined).join(" | "),
  );
}

const OURS = { "litellm-cloudrun": "true" };
const PIPELINE = { ...OURS, "managed-by": "google-cloud-deploy" };

test("nothing is missing before the first deploy, all of it after", () => {
  expect(judge(NOTHING)).toEqual([
    "account | ok",
    "master key | ok",
    "service | ok",
  ]);
  expect(judge(serviceWith(OURS))).toEqual([
    "account | problem | npx tsx scripts/deploy.ts dev",
    "master key | problem | npx tsx scripts/deploy.ts dev",
    "service | ok",
  ]);
});

test("who owns the service is compared with what the env says", () => {
  const owner = (labels: Record<string, string>, DELIVERY: string) =>
    judge(serviceWith(labels), { DELIVERY }).at(-1);
  expect(owner(PIPELINE, "pipeline")).toBe("service | ok");
  expect(owner(PIPELINE, "direct")).toBe(
    "service | warning | npx tsx scripts/deploy.ts dev --force",
  );
  expect(owner({}, "direct")).toBe(
    "service | problem | npx tsx scripts/deploy.ts dev --adopt",
  );
});

test("client keys need their latest list", () => {
  const withList = (states: readonly ("ENABLED" | "DISABLED")[]): Facts => ({
    ...serviceWith(OURS),
    secrets: new Map([
      [
        "litellm-client-keys",
        { value: states.map((state, at) => ({ number: 9 - at, state })) },
      ],
    ]),
  });
  const judgeList = (...states: ("ENABLED" | "DISABLED")[]) =>
    judge(withList(states), { CLIENT_KEYS: "true" }).filter((line) =>
      line.startsWith("client keys"),
    );
  expect(judgeList("ENABLED", "DISABLED")).toEqual(["client keys | ok"]);
  expect(judgeList("DISABLED", "ENABLED")).toEqual([
    expect.stringMatching(
      /^client keys \| problem \| gcloud secrets versions enable 9 --secret=litellm-client-keys/,
    ),
  ]);
  expect(judgeList()).toEqual([
    "client keys | problem | npx tsx scripts/deploy.ts dev",
  ]);
  expect(judge(withList(["DISABLED"])).join()).not.toContain("client keys");
});
