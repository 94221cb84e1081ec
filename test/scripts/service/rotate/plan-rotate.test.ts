import { describe, expect, test } from "vitest";
import { titlesOf } from "../../../../scripts/lib/plan/step.ts";
import {
  type RotatePlan,
  findRotation,
  needsKey,
  planRotate,
} from "../../../../scripts/lib/service/rotate/plan-rotate.ts";
import type { State } from "../../../../scripts/lib/service/state/state.ts";
import { MASTER_KEY } from "../../../../scripts/lib/settings/keys.ts";
import {
  deployedState,
  newKey,
  settingsWith,
} from "../../../support/states.ts";

/** A service that a release brought, its master key's versions up to `newest`, all enabled. */
function releasedState(newest: number): State {
  const state = deployedState();
  const { service, secrets } = state;
  const secret = secrets.keys.masterKey;
  if (service === undefined || secret === undefined) {
    throw new Error("nothing is deployed");
  }
  service.metadata.labels = {
    ...service.metadata.labels,
    "managed-by": "google-cloud-deploy",
  };
  const versions = Array.from({ length: newest }, (_, index) => ({
    number: newest - index,
    state: "ENABLED" as const,
  }));
  const keys = { ...secrets.keys, masterKey: { ...secret, versions } };
  return { ...state, secrets: { ...secrets, keys } };
}

/** What serves, pinned to a version of the master key. */
function serveWith(state: State, version: number): State {
  const pinned = JSON.stringify(state.revisions).replace(
    /("name":"litellm-master-key","key":)"\d+"/,
    `$1"${String(version)}"`,
  );
  return { ...state, revisions: JSON.parse(pinned) as State["revisions"] };
}

function rotate(state: State): RotatePlan {
  const input = { settings: settingsWith(), attempt: "try1", key: MASTER_KEY };
  const rotation = findRotation(input, state);
  return planRotate(rotation, needsKey(rotation) ? newKey : undefined);
}

describe("a rotation under Cloud Deploy", () => {
  test("stores a version, and leaves the revision to a release", () => {
    const planned = rotate(releasedState(1));
    expect(titlesOf(planned.plan)).toEqual([
      "Let versions of litellm-master-key be brought back for 30 days",
      "Store a key in secret litellm-master-key",
    ]);
    expect(planned).toMatchObject({ version: 2, found: [] });
  });

  test("makes no other key until a release brought that one", () => {
    const planned = rotate(releasedState(2));
    expect(planned.plan).toEqual([]);
    expect(planned.found).toEqual([
      "version 2 of litellm-master-key is stored already, and waits for a release",
    ]);
  });

  test("destroys the old version once the release serves", () => {
    const planned = rotate(serveWith(releasedState(2), 2));
    expect(titlesOf(planned.plan)).toEqual([
      "Destroy version 1 of secret litellm-master-key, which nothing names any more",
    ]);
  });

  test("names only the versions that it destroys", () => {
    const state = serveWith(releasedState(3), 3);
    const other = structuredClone(state.service);
    const old = serveWith(releasedState(3), 2).revisions[0];
    if (other === undefined || old === undefined) throw new Error("no service");
    other.metadata.name = "litellm-proxy-other";
    other.spec.template.spec = old.spec;
    const planned = rotate({ ...state, otherServices: [other] });
    expect(titlesOf(planned.plan)).toHaveLength(1);
    expect(planned.found).toEqual([
      "an earlier rotation did not end: version 1 of litellm-master-key is left",
    ]);
  });

  test("leaves it while another service is in its canary", () => {
    const state = serveWith(releasedState(2), 2);
    const other = structuredClone(state.service);
    if (other?.status === undefined) throw new Error("no service");
    other.metadata.name = "litellm-proxy-other";
    other.spec.template.spec = structuredClone(
      state.revisions[0]?.spec ?? other.spec.template.spec,
    );
    other.status.latestCreatedRevisionName = "litellm-proxy-canary";
    const planned = rotate({ ...state, otherServices: [other] });
    expect(planned.plan).toEqual([]);
    expect(planned.found[0]).toMatch(/^version 1 of .* stays for now/);
  });
});
