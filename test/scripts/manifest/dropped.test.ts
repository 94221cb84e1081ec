import { describe, expect, test } from "vitest";
import { APPLIED } from "../../../scripts/lib/manifest/applied.ts";
import { listDropped } from "../../../scripts/lib/manifest/dropped.ts";
import type { Revision } from "../../../scripts/lib/manifest/knative.ts";
import { planDeploy } from "../../../scripts/lib/service/deploy/plan-deploy.ts";
import {
  deployedState,
  inputWith,
  rendered,
  revisionOf,
  settingsWith,
} from "../../support/states.ts";

const pins = { configVersion: "sha-0123456789ab", keys: { masterKey: "1" } };
const desired = rendered(settingsWith(), pins);
const own = revisionOf(desired, "litellm-proxy-live");

/** A revision of somebody else's: ours, with a change. */
function changed(change: (revision: Revision) => void): Revision {
  const revision = structuredClone(own);
  revision.metadata.name = "litellm-proxy-00002-fix";
  change(revision);
  return revision;
}

function addEverything({ metadata, spec }: Revision): void {
  Object.assign(metadata.labels ?? {}, { team: "ml" });
  Object.assign(metadata.annotations ?? {}, {
    "run.googleapis.com/cloudsql-instances": "p:r:db",
    "run.googleapis.com/client-name": "gcloud",
    "serving.knative.dev/creator": "someone@example.com",
  });
  spec.volumes?.push({ name: "cache" });
  spec.containers[0]?.env?.push({ name: "DEBUG", value: "1" });
  spec.containers.push({
    image: "docker.io/otel/collector:1",
    env: [{ name: "ENDPOINT", value: "x" }],
  });
}

describe("what somebody gave the revision that serves", () => {
  test("is named as a person knows it", () => {
    expect(listDropped(desired, changed(addEverything), [own])).toEqual([
      "label team",
      "annotation run.googleapis.com/cloudsql-instances",
      "volume cache",
      "container docker.io/otel/collector:1",
      "variable DEBUG",
      "variable ENDPOINT",
    ]);
  });

  test("is nothing where they changed only values", () => {
    const revision = changed(({ spec }) => {
      spec.timeoutSeconds = 1;
      for (const variable of spec.containers[0]?.env ?? [])
        variable.value = "x";
    });
    expect(listDropped(desired, revision, [own])).toEqual([]);
  });

  test("is not what a revision of ours has too: Google wrote it", () => {
    const google = "run.googleapis.com/new-feature";
    const put = ({ metadata }: Revision): void => {
      Object.assign(metadata.annotations ?? {}, { [google]: "on" });
    };
    const ours = structuredClone(own);
    put(ours);
    expect(listDropped(desired, changed(put), [ours])).toEqual([]);
    expect(listDropped(desired, changed(put), [own])).toEqual([
      `annotation ${google}`,
    ]);
  });

  test("is not the mark of what was last applied", () => {
    const revision = changed(({ metadata }) => {
      Object.assign(metadata.annotations ?? {}, { [APPLIED]: "spec.x" });
    });
    const unmarked = structuredClone(desired);
    delete unmarked.spec.template.metadata?.annotations?.[APPLIED];
    expect(listDropped(unmarked, revision, [])).toEqual([]);
  });
});

describe("a deploy", () => {
  /** The state in which a revision of this name serves, and has a variable more than it should. */
  function plan(name: string) {
    const state = structuredClone(deployedState());
    const [revision] = state.revisions;
    if (revision === undefined) throw new Error("no revision");
    const traffic = [{ revisionName: name, percent: 100 }];
    revision.metadata.name = name;
    revision.spec.containers[0]?.env?.push({ name: "DEBUG", value: "1" });
    if (state.service?.status !== undefined)
      state.service.status.traffic = traffic;
    return planDeploy(inputWith(), state);
  }

  test("names what of somebody else's revision the new one will not have", () => {
    expect(plan("litellm-proxy-00002-fix").dropped).toEqual(["variable DEBUG"]);
  });

  test("names nothing of a revision of our own: the operator took it out of the manifest", () => {
    const { dropped, differences } = plan("litellm-proxy-live");
    expect(dropped).toEqual([]);
    expect(differences).toHaveLength(1);
  });
});
