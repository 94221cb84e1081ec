import { describe, expect, test } from "vitest";
import { APPLIED } from "../../../scripts/lib/manifest/applied.ts";
import type { Service } from "../../../scripts/lib/manifest/knative.ts";
import { withServiceFields } from "../../../scripts/lib/manifest/service-fields.ts";
import { stepsOf } from "../../../scripts/lib/plan/step.ts";
import { planDeploy } from "../../../scripts/lib/service/deploy/plan-deploy.ts";
import {
  deployedState,
  inputWith,
  manifest,
  rendered,
  settingsWith,
} from "../../support/states.ts";

const desired = rendered(settingsWith(), {
  configVersion: "sha-0123456789ab",
  keys: { masterKey: "1" },
});

/** The service as it is now, with what was added to it. */
function actual(
  added: Partial<Pick<Service["metadata"], "labels" | "annotations">>,
): Service {
  const { metadata } = desired;
  return {
    ...desired,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...added.labels },
      annotations: { ...metadata.annotations, ...added.annotations },
    },
  };
}

describe("what a person set on the service itself", () => {
  test("is kept", () => {
    const kept = withServiceFields(
      desired,
      actual({
        labels: { team: "ml" },
        annotations: { "run.googleapis.com/threat-detection": "true" },
      }),
    );
    expect(kept.metadata).toEqual({
      ...desired.metadata,
      labels: { ...desired.metadata.labels, team: "ml" },
      annotations: {
        ...desired.metadata.annotations,
        "run.googleapis.com/threat-detection": "true",
      },
    });
    expect(kept.spec).toBe(desired.spec);
  });

  test("gives way where the manifest says otherwise", () => {
    const ingress = "run.googleapis.com/ingress";
    const kept = withServiceFields(
      desired,
      actual({ annotations: { [ingress]: "internal" } }),
    );
    expect(kept.metadata.annotations?.[ingress]).toBe("all");
  });
});

describe("what is not a person's", () => {
  test("goes where it was ours and is no longer in the manifest", () => {
    const kept = withServiceFields(
      desired,
      actual({
        labels: { old: "ours" },
        annotations: {
          "run.googleapis.com/old": "ours",
          "run.googleapis.com/new": "a person's",
          [APPLIED]: "labels[old] annotations[run.googleapis.com/old]",
        },
      }),
    );
    expect(kept.metadata.labels).toEqual(desired.metadata.labels);
    expect(kept.metadata.annotations).toEqual({
      ...desired.metadata.annotations,
      "run.googleapis.com/new": "a person's",
    });
  });

  test.each([
    "serving.knative.dev/creator",
    "serving.knative.dev/lastModifier",
    "run.googleapis.com/operation-id",
    "run.googleapis.com/urls",
    "run.googleapis.com/ingress-status",
    "run.googleapis.com/client-name",
    "client.knative.dev/nonce",
  ])("is Google's to write: %s", (name) => {
    const kept = withServiceFields(
      desired,
      actual({ annotations: { [name]: "google's" } }),
    );
    expect(kept).toEqual(desired);
  });

  test("is Google's to write among the labels too", () => {
    const label = { "cloud.googleapis.com/location": "us-central1" };
    expect(withServiceFields(desired, actual({ labels: label }))).toEqual(
      desired,
    );
  });
});

test("a service that is not there keeps nothing", () => {
  expect(withServiceFields(desired, undefined)).toBe(desired);
});

test("what a person set on the service goes into the next manifest, and what we took out does not", () => {
  const extra = manifest.replace(
    "  annotations:\n",
    '$&    run.googleapis.com/extra: "ours"\n',
  );
  const state = structuredClone(deployedState(inputWith({ manifest: extra })));
  Object.assign(state.service?.metadata.annotations ?? {}, {
    "run.googleapis.com/theirs": "kept",
  });
  const { plan, differences } = planDeploy(inputWith(), state);
  expect(differences?.map((d) => d.path)).toEqual([
    "annotations[run.googleapis.com/extra]",
  ]);
  // The candidate comes up in the service as it is; the service changes with the traffic.
  const [bringUp] = stepsOf(plan);
  expect(bringUp?.preview).toContain("run.googleapis.com/theirs: kept\n");
  expect(bringUp?.preview).toContain("run.googleapis.com/extra: ours\n");
  const last = stepsOf(plan).at(-1);
  expect(last?.preview).toContain("run.googleapis.com/theirs: kept\n");
  expect(last?.preview).not.toContain("run.googleapis.com/extra: ");
});
