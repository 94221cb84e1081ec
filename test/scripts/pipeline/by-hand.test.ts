import { expect, test } from "vitest";
import { listByHand } from "../../../scripts/lib/pipeline/by-hand.ts";
import { placeOf } from "../../../scripts/lib/pipeline/place.ts";
import { envWith } from "../../support/pipeline-states.ts";

function listIn(values: Record<string, string>): string {
  const place = placeOf(envWith("dev", values), "litellm");
  return listByHand(place, { triggers: [] }, undefined).join("\n");
}

test("a setup says where some projects may not build, and what to do", () => {
  const told = "Where a build in europe-west3 is refused, set PIPELINE_REGION";
  expect(listIn({ REGION: "europe-west3" })).toContain(told);
  expect(listIn({ REGION: "us-central1" })).not.toContain("PIPELINE_REGION");
});

test("the pipeline has a region of its own where one is set", () => {
  const values = { REGION: "europe-west3", PIPELINE_REGION: "europe-west1" };
  expect(placeOf(envWith("dev", values), "litellm")).toMatchObject({
    region: "europe-west1",
    images: "europe-west1-docker.pkg.dev/my-project/litellm",
  });
  expect(listIn(values)).toContain("--region=europe-west1");
});

test("a setup says what lets the builds fetch a repository of the second generation", () => {
  const place = placeOf(envWith("dev"), "litellm");
  const repository =
    "projects/my-project/locations/us-central1/connections/github/repositories/r";
  const told = listByHand(place, { triggers: [] }, { repository }).join("\n");
  for (const account of ["build", "check"]) {
    expect(told).toContain(
      `gcloud builds connections add-iam-policy-binding github --member=serviceAccount:litellm-${account}@my-project.iam.gserviceaccount.com --role=roles/cloudbuild.readTokenAccessor --region=us-central1 --project=my-project`,
    );
  }
});
