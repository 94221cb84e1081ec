import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Service } from "../../../../scripts/lib/manifest/knative.ts";
import type { DeployEffects } from "../../../../scripts/lib/service/effects.ts";
import type { DeployInput } from "../../../../scripts/lib/service/deploy/input.ts";
import { planDeploy } from "../../../../scripts/lib/service/deploy/plan-deploy.ts";
import { type Step, stepsOf } from "../../../../scripts/lib/plan/step.ts";
import type { State } from "../../../../scripts/lib/service/state/state.ts";
import { previewPlan } from "../../../support/plans.ts";
import {
  deployedState,
  emptyState,
  inputWith,
  newKey,
  rendered,
  revisionOf,
  settingsWith,
} from "../../../support/states.ts";

function preview(input: DeployInput, state: State): string {
  return previewPlan(planDeploy(input, state).plan);
}

describe("a first deploy", () => {
  test("is marked as proven by what verifies it", () => {
    const keys = { masterKey: newKey };
    const { plan } = planDeploy(inputWith({ keys }), emptyState());
    expect(stepsOf(plan).at(-1)).toMatchObject({
      title: "Verify litellm-proxy-try1, and mark it as proven",
      preview:
        "npx tsx scripts/verify.ts dev --quick\ngcloud run services update-traffic litellm-proxy --remove-tags=cand-1-try1 --region=us-central1 --project=my-project --format=none",
    });
  });

  test("prepares the project, deploys by name and verifies", () => {
    const keys = { masterKey: newKey };
    expect(preview(inputWith({ keys }), emptyState())).toMatchInlineSnapshot(`
      "gcloud services enable iam.googleapis.com run.googleapis.com secretmanager.googleapis.com aiplatform.googleapis.com --project=my-project

      gcloud iam service-accounts create litellmsa --display-name='LiteLLM on Cloud Run' --description='litellm-cloudrun: runs the LiteLLM proxy on Cloud Run' --project=my-project
        then gcloud projects add-iam-policy-binding my-project --member=serviceAccount:litellmsa@my-project.iam.gserviceaccount.com --role=roles/aiplatform.user --condition=None --format=none
      gcloud secrets create litellm-config --data-file=config/litellm.vertex.yaml --replication-policy=automatic --labels=litellm-cloudrun=true --project=my-project
        then gcloud secrets update litellm-config --update-version-aliases=sha-aaaaaaaaaaaa=1 --project=my-project
      gcloud secrets create litellm-master-key --replication-policy=automatic --labels=litellm-cloudrun=true --project=my-project
        then make-a-key | gcloud secrets versions add litellm-master-key --data-file=- --project=my-project --format='value(name)'

      gcloud secrets add-iam-policy-binding litellm-config --member=serviceAccount:litellmsa@my-project.iam.gserviceaccount.com --role=roles/secretmanager.secretAccessor --project=my-project --format=none
      gcloud secrets add-iam-policy-binding litellm-master-key --member=serviceAccount:litellmsa@my-project.iam.gserviceaccount.com --role=roles/secretmanager.secretAccessor --project=my-project --format=none

      gcloud run services replace - --region=us-central1 --project=my-project --format=json <<'EOF'

      npx tsx scripts/verify.ts dev --quick"
    `);
  });

  test("gives the service account no project role in API-key mode", () => {
    const settings = settingsWith({ MODE: "apikey" });
    const keys = { masterKey: newKey, geminiKey: newKey };
    const text = preview(inputWith({ settings, keys }), emptyState());
    expect(text).not.toContain("aiplatform");
    expect(text).toContain("secrets create litellm-gemini-key");
  });

  test("puts new secrets where SECRET_LOCATIONS says", () => {
    const settings = settingsWith({ SECRET_LOCATIONS: "europe-west1" });
    const keys = { masterKey: newKey };
    expect(preview(inputWith({ settings, keys }), emptyState())).toContain(
      "--replication-policy=user-managed --locations=europe-west1",
    );
  });
});

describe("a later deploy", () => {
  test("writes nothing when nothing changed", () => {
    expect(preview(inputWith(), deployedState())).toBe("");
  });

  test("brings a changed config up as a candidate before it takes traffic", () => {
    const config = {
      file: "config/litellm.vertex.yaml",
      sha256: "b".repeat(64),
    };
    expect(preview(inputWith({ config }), deployedState()))
      .toMatchInlineSnapshot(`
        "gcloud secrets versions add litellm-config --data-file=config/litellm.vertex.yaml --project=my-project --format='value(name)'
          then gcloud secrets update litellm-config --update-version-aliases=sha-aaaaaaaaaaaa=1,sha-bbbbbbbbbbbb=2 --etag='"etag-1"' --project=my-project

        gcloud run services replace - --region=us-central1 --project=my-project --format=json <<'EOF'

        npx tsx scripts/verify.ts dev --quick --tag=cand-2-try1

        gcloud run services update-traffic litellm-proxy --to-revisions=litellm-proxy-try1=100 --remove-tags=cand-2-try1 --region=us-central1 --project=my-project --format=none"
      `);
  });

  test("names the version that a killed run stored, and adds none", () => {
    const state = deployedState();
    const config = {
      file: "config/litellm.vertex.yaml",
      sha256: "b".repeat(64),
    };
    const secret = state.secrets.config;
    if (secret === undefined) throw new Error("no config secret");
    secret.versions.unshift({ number: 2, state: "ENABLED" });
    secret.unaliased = [{ number: 2, sha256: config.sha256 }];
    const text = preview(inputWith({ config }), state);
    expect(text).not.toContain("versions add");
    expect(text).toContain(
      "--update-version-aliases=sha-aaaaaaaaaaaa=1,sha-bbbbbbbbbbbb=2 ",
    );
  });

  test("prunes the oldest alias that nothing names once there are fifty", () => {
    const state = deployedState();
    const secret = state.secrets.config;
    if (secret === undefined) throw new Error("no config secret");
    for (let number = 2; number <= 50; number += 1) {
      secret.versions.unshift({ number, state: "ENABLED" });
      secret.aliases[`sha-${String(number).padStart(12, "0")}`] = number;
    }
    const config = {
      file: "config/litellm.vertex.yaml",
      sha256: "b".repeat(64),
    };
    const text = preview(inputWith({ config }), state);
    // Version 1 is what serves.
    expect(text).toContain(
      `secrets update litellm-config --remove-version-aliases=sha-000000000002 --etag='"etag-1"'`,
    );
    expect(text).toContain("--update-version-aliases=sha-aaaaaaaaaaaa=1,");
    expect(text).toContain(",sha-bbbbbbbbbbbb=51 --project");
    expect(text).not.toContain("sha-000000000002=2");

    // An older revision of another service goes on reading what it names.
    const pins = {
      configVersion: "sha-000000000002",
      keys: { masterKey: "1" },
    };
    const other = rendered(settingsWith({ SERVICE: "other" }), pins);
    state.otherRevisions = [revisionOf(other, "other-1")];
    expect(preview(inputWith({ config }), state)).toContain(
      "--remove-version-aliases=sha-000000000003 ",
    );
  });

  test("keeps the traffic by name where it followed the latest revision", () => {
    const state = deployedState();
    if (state.service !== undefined) {
      state.service.spec.traffic = [{ latestRevision: true, percent: 100 }];
    }
    const settings = settingsWith({ CONCURRENCY: "20" });
    const { plan } = planDeploy(inputWith({ settings }), state);
    expect(stepsOf(plan)[0]?.preview).toContain(
      `  traffic:
    - revisionName: litellm-proxy-live
      percent: 100
    - revisionName: litellm-proxy-try1
      percent: 0
      tag: cand-2-try1`,
    );
  });

  test("verifies again what took all traffic at once and failed after", () => {
    const state = deployedState();
    state.service?.status?.traffic?.push({
      revisionName: "litellm-proxy-live",
      tag: "cand-live1",
    });
    expect(preview(inputWith(), state)).toBe(
      `npx tsx scripts/verify.ts dev --quick

gcloud run services update-traffic litellm-proxy --remove-tags=cand-live1 --region=us-central1 --project=my-project --format=none`,
    );
  });

  test("keeps the operator's own tags and drops stale candidates' ones", () => {
    const state = deployedState();
    state.service?.status?.traffic?.push(
      { revisionName: "litellm-proxy-live", tag: "mine" },
      { revisionName: "litellm-proxy-old", tag: "cand-old1" },
    );
    const settings = settingsWith({ CONCURRENCY: "20" });
    const { plan } = planDeploy(inputWith({ settings }), state);
    expect(stepsOf(plan)[0]?.preview).toContain("tag: mine");
    expect(stepsOf(plan)[0]?.preview).not.toContain("cand-old1");
  });

  test("takes all traffic back to one revision where it was split", () => {
    const state = deployedState();
    if (state.service?.status?.traffic !== undefined) {
      state.service.status.traffic = [
        { revisionName: "litellm-proxy-live", percent: 50 },
        { revisionName: "litellm-proxy-other", percent: 50 },
      ];
    }
    expect(preview(inputWith(), state)).toContain(
      "--to-revisions=litellm-proxy-try1=100",
    );
  });

  test("deploys at once where the serving revision never became ready", () => {
    const state = deployedState();
    const [revision] = state.revisions;
    if (revision !== undefined) {
      revision.status = { conditions: [{ type: "Ready", status: "False" }] };
    }
    const text = preview(inputWith(), state);
    expect(text).toContain("run services replace");
    expect(text).not.toContain("--tag=");
  });
});

describe("a deploy that was ended", () => {
  const changed = { settings: settingsWith({ CONCURRENCY: "20" }) };

  /** The state after the candidate `try1` of `input` came up. */
  function halfDone(input: DeployInput, generation = 2): State {
    const state = deployedState();
    const wanted = deployedState(input);
    const [candidate] = wanted.revisions;
    if (candidate === undefined || state.service === undefined) {
      throw new Error("no revision");
    }
    const revisionName = "litellm-proxy-try1";
    candidate.metadata.name = revisionName;
    state.revisions.unshift(candidate);
    state.service.metadata.generation = generation;
    state.service.status?.traffic?.push({ revisionName, tag: "cand-2-try1" });
    return state;
  }

  test("is gone on with: the same revision, verified, gets the traffic", () => {
    const input = inputWith({ ...changed, attempt: "try2" });
    expect(preview(input, halfDone(input))).toMatchInlineSnapshot(`
      "while [ "$(gcloud run revisions describe litellm-proxy-try1 --region=us-central1 --project=my-project --format='value(status.conditions[0].status)')" = Unknown ]; do sleep 2; done

      npx tsx scripts/verify.ts dev --quick --tag=cand-2-try1

      gcloud run services update-traffic litellm-proxy --to-revisions=litellm-proxy-try1=100 --remove-tags=cand-2-try1 --region=us-central1 --project=my-project --format=none"
    `);
    expect(planDeploy(input, halfDone(input)).found).toEqual([
      "an earlier run did not end: its candidate litellm-proxy-try1 is taken",
    ]);
  });

  test("is given up where something else is wanted now, or the service was changed since", () => {
    const input = inputWith({ ...changed, attempt: "try2" });
    const other = halfDone(
      inputWith({ settings: settingsWith({ CONCURRENCY: "30" }) }),
    );
    for (const state of [other, halfDone(input, 3)]) {
      const planned = planDeploy(input, state);
      expect(planned.revision).toBe("litellm-proxy-try2");
      expect(planned.found).toEqual([
        "an earlier deploy did not end: litellm-proxy-try1 has the tag cand-2-try1 still; it is given up",
      ]);
    }
  });

  test("at its first revision is not done before that is verified", () => {
    const state = deployedState();
    const revisionName = "litellm-proxy-live";
    state.service?.status?.traffic?.push({ revisionName, tag: "cand-1-live" });
    const planned = planDeploy(inputWith(), state);
    expect(stepsOf(planned.plan).map((s) => s.title)).toEqual([
      "Verify litellm-proxy-live",
      "Remove the tags of earlier candidates",
    ]);
    expect(planned.found).toEqual([
      "an earlier run did not end: litellm-proxy-live serves, and was not verified yet",
    ]);
  });
});

describe("what guards the service", () => {
  test("changes with the traffic, and not with the candidate", () => {
    const settings = settingsWith({
      ACCESS: "iam",
      INGRESS: "internal",
      MAX_INSTANCES: "3",
    });
    const { plan } = planDeploy(inputWith({ settings }), deployedState());
    const [bringUp, , last] = stepsOf(plan);
    const annotations = (step: Step<DeployEffects> | undefined) => {
      const text = step?.preview.split("\n").slice(1, -1).join("\n") ?? "";
      const { metadata, spec } = parse(text) as Service;
      const { traffic } = spec;
      return { ...metadata.annotations, traffic: traffic?.length };
    };
    expect(annotations(bringUp)).toMatchObject({
      "run.googleapis.com/invoker-iam-disabled": "true",
      "run.googleapis.com/ingress": "all",
      "run.googleapis.com/maxScale": "10",
      traffic: 2,
    });
    expect(annotations(last)).toMatchObject({
      "run.googleapis.com/invoker-iam-disabled": "false",
      "run.googleapis.com/ingress": "internal",
      "run.googleapis.com/maxScale": "3",
      traffic: 1,
    });
    expect(last?.title).toBe(
      "Give all traffic to litellm-proxy-try1, and change annotations[run.googleapis.com/ingress], annotations[run.googleapis.com/invoker-iam-disabled], annotations[run.googleapis.com/maxScale]",
    );
  });
});

describe("a key that the gate refuses", () => {
  test("is disabled again, where what serves has another one", () => {
    const keys = { masterKey: newKey };
    const { plan } = planDeploy(inputWith({ keys }), deployedState());
    const verify = stepsOf(plan).find((s) => s.title.startsWith("Verify"));
    expect(verify?.onFailure?.map(({ args }) => args.join(" "))).toEqual([
      expect.stringContaining("update-traffic litellm-proxy --remove-tags="),
      "secrets versions disable 2 --secret=litellm-master-key --project=my-project --format=none",
    ]);
  });

  test("stays where there is no other", () => {
    const { plan } = planDeploy(
      inputWith({ keys: { masterKey: newKey } }),
      emptyState(),
    );
    const verify = stepsOf(plan).find((s) => s.title.startsWith("Verify"));
    expect(verify?.onFailure).toBeUndefined();
  });
});

describe("a switch of mode", () => {
  test("takes the Vertex role away once the new revision serves", () => {
    const settings = settingsWith({ MODE: "apikey" });
    const keys = { geminiKey: newKey };
    const config = {
      file: "config/litellm.apikey.yaml",
      sha256: "c".repeat(64),
    };
    const text = preview(
      inputWith({ settings, keys, config }),
      deployedState(),
    );
    expect(text.split("\n").at(-1)).toBe(
      "gcloud projects remove-iam-policy-binding my-project --member=serviceAccount:litellmsa@my-project.iam.gserviceaccount.com --role=roles/aiplatform.user --condition=None --format=none",
    );
  });

  test("disables the Gemini key that it read, on the way back", () => {
    const before = inputWith({ settings: settingsWith({ MODE: "apikey" }) });
    const text = preview(inputWith(), deployedState(before));
    expect(text.split("\n").at(-1)).toBe(
      "gcloud secrets versions disable 1 --secret=litellm-gemini-key --project=my-project --format=none",
    );
  });

  test("leaves the role to another service that needs it", () => {
    const settings = settingsWith({ MODE: "apikey" });
    const keys = { geminiKey: newKey };
    const state = deployedState();
    if (state.service !== undefined) state.otherServices = [state.service];
    expect(preview(inputWith({ settings, keys }), state)).not.toContain(
      "remove-iam-policy-binding",
    );
  });
});

describe("what is not ours", () => {
  function foreignState(): State {
    const state = deployedState();
    state.service = state.service && {
      ...state.service,
      metadata: { ...state.service.metadata, labels: {} },
    };
    state.serviceAccount = state.serviceAccount && {
      ...state.serviceAccount,
      description: "",
    };
    state.secrets.config = state.secrets.config && {
      ...state.secrets.config,
      labels: {},
      aliases: {},
    };
    return state;
  }

  test("stops a deploy before any change", () => {
    expect(() => planDeploy(inputWith(), foreignState())).toThrow(
      /service litellm-proxy in us-central1\n.*litellmsa@.*\n.*secret litellm-config/,
    );
  });

  test("is taken over with --adopt", () => {
    const text = preview(inputWith({ adopt: true }), foreignState());
    expect(text).toContain("iam service-accounts update litellmsa@");
    expect(text).toContain(
      "secrets update litellm-config --update-labels=litellm-cloudrun=true --update-version-aliases=sha-aaaaaaaaaaaa=2",
    );
    expect(text.split("\n").at(-1)).toContain("run services replace");
  });
});
