import { describe, expect, test } from "vitest";
import { placeOf } from "../../../scripts/lib/pipeline/place.ts";
import { planImage } from "../../../scripts/lib/release/plan-image.ts";
import { settingsWith } from "../../support/states.ts";

const place = placeOf(settingsWith(), "litellm");
const name = `${place.images}/litellm:v1.108.14`;

describe("planImage", () => {
  test("mirrors an image that the repository does not hold", () => {
    const settings = settingsWith({ WARM: "true" });
    const steps = planImage(settings, place, { name, pinned: undefined });
    expect(steps.map(({ title, preview }) => `${title}\n${preview}`))
      .toMatchInlineSnapshot(`
      [
        "Mirror docker.io/litellm/litellm:v1.108.14 into us-central1-docker.pkg.dev/my-project/litellm
      gcloud builds submit --no-source --suppress-logs --config=cloudbuild.mirror.yaml --substitutions=_IMAGE=docker.io/litellm/litellm:v1.108.14,_MIRROR=us-central1-docker.pkg.dev/my-project/litellm/litellm:v1.108.14,_WARM=true --region=us-central1 --project=my-project",
      ]
    `);
  });

  test("does nothing where the repository holds it", () => {
    const pinned = `${place.images}/litellm@sha256:${"a".repeat(64)}`;
    expect(planImage(settingsWith(), place, { name, pinned })).toEqual([]);
  });
});
