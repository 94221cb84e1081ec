import { expect, test } from "vitest";
import {
  type FederationState,
  POOL_DESCRIPTION,
  toGrant,
  toProvider,
  withKnownIds,
} from "../../../../scripts/lib/pipeline/github/federation.ts";
import {
  planFederation,
  planFederationRemoval,
} from "../../../../scripts/lib/pipeline/github/plan-federation.ts";
import type { GithubSource } from "../../../../scripts/lib/pipeline/github/source.ts";
import type { PipelineState } from "../../../../scripts/lib/pipeline/pipeline-state.ts";
import { titlesOf } from "../../../../scripts/lib/plan/step.ts";
import { placeFor, setUp, stages } from "../../../support/pipeline-states.ts";
import { previewPlan } from "../../../support/plans.ts";

const place = placeFor(stages);
const source: GithubSource = {
  owner: "team",
  name: "gateway",
  branch: "main",
  ids: { owner: "11", repository: "22" },
};

const nothing: FederationState = {
  enabledApis: new Set(),
  pool: undefined,
  providers: [],
};

/** What a setup leaves behind. */
function made(of: GithubSource = source): {
  state: FederationState;
  pipeline: PipelineState;
} {
  const { pipeline } = setUp(stages);
  const { issuerUri, ...rest } = toProvider(of);
  const name =
    "projects/100/locations/global/workloadIdentityPools/litellm-github";
  const { role, member } = toGrant(place, "100", of);
  pipeline.accounts.build?.bindings.push({ role, members: [member] });
  return {
    state: {
      enabledApis: new Set([
        ...["iam", "iamcredentials", "sts"].map((n) => `${n}.googleapis.com`),
      ]),
      pool: { name, state: "ACTIVE", description: POOL_DESCRIPTION },
      providers: [
        {
          name: `${name}/providers/github`,
          state: "ACTIVE",
          ...rest,
          oidc: { issuerUri },
        },
      ],
    },
    pipeline,
  };
}

function titles(state: FederationState, pipeline: PipelineState): string[] {
  return titlesOf(planFederation(place, source, state, pipeline));
}

test("a repository's pushes get the identity that builds main, and nobody else's", () => {
  const { pipeline } = setUp(stages);
  const plan = planFederation(place, source, nothing, pipeline);
  expect(previewPlan(plan)).toMatchInlineSnapshot(`
    "gcloud services enable iam.googleapis.com iamcredentials.googleapis.com sts.googleapis.com --project=my-project

    gcloud iam workload-identity-pools create litellm-github --description='litellm-cloudrun: lets GitHub Actions release' --location=global --project=my-project
      then gcloud iam workload-identity-pools providers create-oidc github --workload-identity-pool=litellm-github --issuer-uri=https://token.actions.githubusercontent.com --attribute-mapping=google.subject=assertion.sub,attribute.repository=assertion.repository --attribute-condition='assertion.repository == '\\''team/gateway'\\'' && assertion.repository_owner_id == '\\''11'\\'' && assertion.repository_id == '\\''22'\\'' && assertion.ref == '\\''refs/heads/main'\\'' && assertion.event_name == '\\''push'\\''' --location=global --project=my-project

    gcloud iam service-accounts add-iam-policy-binding litellm-build@my-project.iam.gserviceaccount.com --member=principalSet://iam.googleapis.com/projects/100/locations/global/workloadIdentityPools/litellm-github/attribute.repository/team/gateway --role=roles/iam.workloadIdentityUser --condition=None --project=my-project --format=none"
  `);
});

test("a second setup has nothing to do", () => {
  const { state, pipeline } = made();
  expect(titles(state, pipeline)).toEqual([]);
});

test("what differs is put back", () => {
  const { state, pipeline } = made({ ...source, name: "other" });
  Object.assign(state.pool ?? {}, { disabled: true });
  expect(titles(state, pipeline)).toEqual([
    "Enable workload identity pool litellm-github",
    "Set provider github: team/gateway, branch main",
    expect.stringMatching(/^Take .* from principalSet:.*\/team\/other$/),
    "Let team/gateway act as litellm-build@my-project.iam.gserviceaccount.com",
  ]);
  const audiences = made();
  Object.assign(audiences.state.providers[0]?.oidc ?? {}, {
    allowedAudiences: ["https://example.com"],
  });
  expect(titles(audiences.state, audiences.pipeline)).toHaveLength(1);
});

test("a deleted pool and provider are brought back: their names stay taken for 30 days", () => {
  const { state, pipeline } = made();
  Object.assign(state.pool ?? {}, { state: "DELETED" });
  Object.assign(state.providers[0] ?? {}, { state: "DELETED" });
  expect(titles(state, pipeline)).toEqual([
    "Bring back workload identity pool litellm-github",
    "Bring back provider github",
  ]);
});

test("a later setup without GitHub's numbers keeps those that are known of the same repository", () => {
  const [provider] = made().state.providers;
  const without = { ...source, ids: undefined };
  expect(withKnownIds(without, provider)).toEqual(source);
  const other = { ...without, name: "other" };
  expect(withKnownIds(other, provider)).toEqual(other);
});

test("a pool of somebody else's, a second provider in ours, and Cloud Build's triggers are refused", () => {
  const foreign = made();
  Object.assign(foreign.state.pool ?? {}, { description: "theirs" });
  expect(() => titles(foreign.state, foreign.pipeline)).toThrow(
    "workload identity pool litellm-github",
  );
  expect(
    planFederationRemoval(place, foreign.state, foreign.pipeline),
  ).toMatchObject({ plan: [], kept: [expect.stringContaining("not made")] });
  const second = made();
  second.state.providers.push({ name: "…/providers/second" });
  expect(() => titles(second.state, second.pipeline)).toThrow(
    "provider second of workload identity pool litellm-github",
  );
  const twice = made();
  twice.pipeline.triggers.push({
    name: "litellm-main",
    description: "litellm-cloudrun: releases what is pushed to main",
  });
  expect(() => titles(twice.state, twice.pipeline)).toThrow("litellm-main");
});

test("its removal takes the pool and the grant", () => {
  const { state, pipeline } = made();
  const { plan } = planFederationRemoval(place, state, pipeline);
  expect(previewPlan(plan)).toMatchInlineSnapshot(`
    "gcloud iam workload-identity-pools delete litellm-github --quiet --location=global --project=my-project

    gcloud iam service-accounts remove-iam-policy-binding litellm-build@my-project.iam.gserviceaccount.com --member=principalSet://iam.googleapis.com/projects/100/locations/global/workloadIdentityPools/litellm-github/attribute.repository/team/gateway --role=roles/iam.workloadIdentityUser --condition=None --project=my-project --format=none"
  `);
});
