import { describe, expect, test } from "vitest";
import { planClean } from "../../../../scripts/lib/service/clean/plan-clean.ts";
import { stepsOf } from "../../../../scripts/lib/plan/step.ts";
import type { State } from "../../../../scripts/lib/service/state/state.ts";
import {
  deployedState,
  emptyState,
  settingsWith,
} from "../../../support/states.ts";

function preview(state: State): string[] {
  const { plan } = planClean(settingsWith(), state);
  return stepsOf(plan).map((step) => step.preview);
}

describe("clean", () => {
  test("removes the service first and its account last", () => {
    expect(preview(deployedState())).toMatchInlineSnapshot(`
      [
        "gcloud run services delete litellm-proxy --region=us-central1 --project=my-project --quiet",
        "gcloud secrets delete litellm-config --project=my-project --quiet",
        "gcloud secrets delete litellm-master-key --project=my-project --quiet",
        "gcloud projects remove-iam-policy-binding my-project --member=serviceAccount:litellmsa@my-project.iam.gserviceaccount.com --role=roles/aiplatform.user --condition=None --format=none",
        "gcloud iam service-accounts delete litellmsa@my-project.iam.gserviceaccount.com --project=my-project --quiet",
      ]
    `);
  });

  test("has nothing to do in an empty project", () => {
    expect(planClean(settingsWith(), emptyState())).toEqual({
      plan: [],
      kept: [],
    });
  });

  test("keeps what another service of the project uses", () => {
    const state = deployedState();
    if (state.service !== undefined) {
      state.otherServices = [
        {
          ...state.service,
          metadata: { ...state.service.metadata, name: "other" },
        },
      ];
    }
    expect(preview(state)).toEqual([
      "gcloud run services delete litellm-proxy --region=us-central1 --project=my-project --quiet",
    ]);
    expect(planClean(settingsWith(), state).kept).toEqual([
      "secret litellm-config: used by service other",
      "secret litellm-master-key: used by service other",
      "roles/aiplatform.user of litellmsa@my-project.iam.gserviceaccount.com: used by service other",
      "service account litellmsa@my-project.iam.gserviceaccount.com: used by service other",
    ]);
  });

  test("keeps what has the right name but not our mark", () => {
    const state = deployedState();
    const { service, serviceAccount, secrets } = state;
    if (service !== undefined) service.metadata.labels = {};
    if (serviceAccount !== undefined) serviceAccount.description = "mine";
    if (secrets.config !== undefined) secrets.config.labels = {};
    if (secrets.keys.masterKey !== undefined)
      secrets.keys.masterKey.labels = {};
    expect(preview(state)).toEqual([]);
  });

  test("removes the binding that a deleted account left behind", () => {
    const email = "litellmsa@my-project.iam.gserviceaccount.com";
    const state = emptyState();
    state.projectBindings = [
      {
        role: "roles/aiplatform.user",
        members: [
          `deleted:serviceAccount:${email}?uid=123`,
          "deleted:serviceAccount:other@my-project.iam.gserviceaccount.com?uid=4",
        ],
      },
    ];
    expect(preview(state)).toEqual([
      `gcloud projects remove-iam-policy-binding my-project --member='deleted:serviceAccount:${email}?uid=123' --role=roles/aiplatform.user --condition=None --format=none`,
    ]);
  });
});
