import { describe, expect, test } from "vitest";
import { compareWithServing } from "../../../scripts/lib/manifest/compare.ts";
import type { Revision } from "../../../scripts/lib/manifest/knative.ts";
import {
  rendered,
  revisionOf,
  serviceOf,
  settingsWith,
} from "../../support/states.ts";

const pins = { configVersion: "sha-0123456789ab", keys: { masterKey: "1" } };

function render(values: Record<string, string> = {}) {
  return rendered(settingsWith(values), pins);
}

function compare(
  change: (revision: Revision) => void,
  values: Record<string, string> = {},
): string[] {
  const revision = revisionOf(render(), "litellm-proxy-live");
  change(revision);
  const service = serviceOf(render(), revision);
  return compareWithServing(render(values), service, revision).map(
    (d) => d.path,
  );
}

describe("comparing with the revision that serves", () => {
  test("does not see fields that Google fills in", () => {
    expect(
      compare((revision) => {
        revision.spec.enableServiceLinks = false;
        const [container] = revision.spec.containers;
        if (container === undefined) throw new Error("no container");
        container.terminationMessagePath = "/dev/termination-log";
        container.resources = {
          limits: { cpu: "1000m", memory: "1Gi" },
        };
        container.image = "docker.io/litellm/litellm@sha256:" + "0".repeat(64);
      }),
    ).toEqual([]);
  });

  test("sees a setting of the revision", () => {
    expect(compare(() => undefined, { MEMORY: "2Gi" })).toEqual([
      "revision.spec.containers[0].resources.limits.memory",
    ]);
  });

  test("sees a setting of the service", () => {
    expect(compare(() => undefined, { MAX_INSTANCES: "3" })).toEqual([
      "annotations[run.googleapis.com/maxScale]",
    ]);
  });

  test("sees another image", () => {
    const IMAGE = "docker.io/litellm/litellm:v1.108.13";
    expect(compare(() => undefined, { IMAGE })).toEqual([
      "revision.annotations[client.knative.dev/user-image]",
      "revision.spec.containers[0].image",
    ]);
  });

  test("sees an environment value that somebody added", () => {
    expect(
      compare((revision) => {
        revision.spec.containers[0]?.env?.push({ name: "DEBUG", value: "1" });
      }),
    ).toEqual(["revision.spec.containers[0].env"]);
  });
});
