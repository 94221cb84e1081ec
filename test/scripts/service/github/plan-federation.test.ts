import { expect, test } from "vitest";
import {
  refuseTriggers,
  releaserOf,
} from "../../../../scripts/lib/pipeline/github/plan-github.ts";
import { titlesOf } from "../../../../scripts/lib/plan/step.ts";
import {
  type FederationState,
  describeFederation,
  toGrant,
  toProvider,
  withKnownIds,
} from "../../../../scripts/lib/service/github/federation.ts";
import {
  planFederation,
  planFederationRemoval,
} from "../../../../scripts/lib/service/github/plan-federation.ts";
import type { GithubSource } from "../../../../scripts/lib/service/github/source.ts";
import { placeFor, setUp, stages } from "../../../support/pipeline-states.ts";
import { previewPlan } from "../../../support/plans.ts";

const place = placeFor(stages);
const releaser = releaserOf(place);
const source: GithubSource = {
  owner: "team",
  name: "gateway",
  branch: "main",
  ids: { owner: "11", repository: "22" },
};

const nothing: FederationState = {
  projectNumber: "100",
  bindings: [],
  enabledApis: new Set(),
  pool: undefined,
  providers: [],
};

/** What a setup leaves behind. */
function made(of: GithubSource = source): FederationState {
  const { issuerUri, ...rest } = toProvider(of);
  const name =
    "projects/100/locations/global/workloadIdentityPools/litellm-github";
  const { role, member } = toGrant(releaser, "100", of);
  return {
    projectNumber: "100",
    bindings: [{ role, members: [member] }],
    enabledApis: new Set([
      ...["iam", "iamcredentials", "sts"].map((n) => `${n}.googleapis.com`),
    ]),
    pool: {
      name,
      state: "ACTIVE",
      description: describeFederation(releaser),
    },
    providers: [
      {
        name: `${name}/providers/github`,
        state: "ACTIVE",
        ...rest,
        oidc: { issuerUri },
      },
    ],
  };
}

function titles(state: FederationState): string[] {
  return titlesOf(planFederation(releaser, source, state));
}

test("a repository's pushes get the identity that builds main, and nobody else's", () => {
  const plan = planFederation(releaser, source, nothing);
  expect(previewPlan(plan)).toMatchInlineSnapshot(`
    "gcloud services enable iam.googleapis.com iamcredentials.googleapis.com sts.googleapis.com --project=my-project

    gcloud iam workload-identity-pools create litellm-github --description='litellm-cloudrun: lets GitHub Actions release' --location=global --project=my-project
      then gcloud iam workload-identity-pools providers create-oidc github --workload-identity-pool=litellm-github --issuer-uri=https://token.actions.githubusercontent.com --attribute-mapping=google.subject=assertion.sub,attribute.repository=assertion.repository --attribute-condition='assertion.repository == '\\''team/gateway'\\'' && assertion.repository_owner_id == '\\''11'\\'' && assertion.repository_id == '\\''22'\\'' && assertion.ref == '\\''refs/heads/main'\\'' && assertion.event_name == '\\''push'\\''' --location=global --project=my-project

    gcloud iam service-accounts add-iam-policy-binding litellm-build@my-project.iam.gserviceaccount.com --member=principalSet://iam.googleapis.com/projects/100/locations/global/workloadIdentityPools/litellm-github/attribute.repository/team/gateway --role=roles/iam.workloadIdentityUser --condition=None --project=my-project --format=none"
  `);
});

test("a second setup has nothing to do", () => {
  const state = made();
  expect(titles(state)).toEqual([]);
});

test("what differs is put back", () => {
  const state = made({ ...source, name: "other" });
  Object.assign(state.pool ?? {}, { disabled: true });
  expect(titles(state)).toEqual([
    "Enable workload identity pool litellm-github",
    "Set provider github: team/gateway, branch main",
    expect.stringMatching(/^Take .* from principalSet:.*\/team\/other$/),
    "Let team/gateway act as litellm-build@my-project.iam.gserviceaccount.com",
  ]);
  const audiences = made();
  Object.assign(audiences.providers[0]?.oidc ?? {}, {
    allowedAudiences: ["https://example.com"],
  });
  expect(titles(audiences)).toHaveLength(1);
});

test("a deleted pool and provider are brought back: their names stay taken for 30 days", () => {
  const state = made();
  Object.assign(state.pool ?? {}, { state: "DELETED" });
  Object.assign(state.providers[0] ?? {}, { state: "DELETED" });
  expect(titles(state)).toEqual([
    "Bring back workload identity pool litellm-github",
    "Bring back provider github",
  ]);
});

test("a later setup without GitHub's numbers keeps those that are known of the same repository", () => {
  const without = { ...source, ids: undefined };
  expect(withKnownIds(without, releaser, made())).toEqual(source);
  const other = { ...without, name: "other" };
  expect(withKnownIds(other, releaser, made())).toEqual(other);
});

test("a pool of somebody else's, a second provider in ours, and Cloud Build's triggers are refused", () => {
  const foreign = made();
  Object.assign(foreign.pool ?? {}, { description: "theirs" });
  expect(() => titles(foreign)).toThrow(
    "workload identity pool litellm-github",
  );
  expect(planFederationRemoval(releaser, foreign)).toMatchObject({
    plan: [],
    kept: [expect.stringContaining("not made")],
  });
  const second = made();
  second.providers.push({ name: "…/providers/second" });
  expect(() => titles(second)).toThrow("provider …/providers/second");
  const { pipeline } = setUp(stages);
  refuseTriggers(place, pipeline);
  pipeline.triggers.push({
    name: "litellm-main",
    description: "litellm-cloudrun: releases what is pushed to main",
  });
  expect(() => {
    refuseTriggers(place, pipeline);
  }).toThrow("litellm-main");
});

test("its removal takes the pool and the grant", () => {
  const { plan } = planFederationRemoval(releaser, made());
  expect(previewPlan(plan)).toMatchInlineSnapshot(`
    "gcloud iam workload-identity-pools delete litellm-github --quiet --location=global --project=my-project

    gcloud iam service-accounts remove-iam-policy-binding litellm-build@my-project.iam.gserviceaccount.com --member=principalSet://iam.googleapis.com/projects/100/locations/global/workloadIdentityPools/litellm-github/attribute.repository/team/gateway --role=roles/iam.workloadIdentityUser --condition=None --project=my-project --format=none"
  `);
});
