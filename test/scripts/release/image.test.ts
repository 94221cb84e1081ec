import { describe, expect, test } from "vitest";
import {
  nameMirror,
  readImage,
  readToolsImage,
} from "../../../scripts/lib/release/image.ts";
import { placeOf } from "../../../scripts/lib/pipeline/place.ts";
import type { ReadApi } from "../../../scripts/lib/google/rest.ts";
import { settingsWith } from "../../support/states.ts";

const place = placeOf(settingsWith(), "litellm");
const digest = `sha256:${"a".repeat(64)}`;

/** Artifact Registry with these tags and no others, each at `digest`. */
function registryWith(...tags: string[]): ReadApi {
  return ({ path }) =>
    Promise.resolve(
      tags.includes(path)
        ? {
            name: path,
            version: path.replace(/tags\/.*/, `versions/${digest}`),
          }
        : undefined,
    );
}

const PACKAGES =
  "v1/projects/my-project/locations/us-central1/repositories/litellm/packages";

describe("the image that a release runs", () => {
  test("is the mirror of IMAGE, by digest", async () => {
    const read = registryWith(`${PACKAGES}/litellm/tags/v1.108.14`);
    expect(await readImage(read, settingsWith(), place)).toEqual({
      name: "us-central1-docker.pkg.dev/my-project/litellm/litellm:v1.108.14",
      pinned: `us-central1-docker.pkg.dev/my-project/litellm/litellm@${digest}`,
    });
  });

  test("is the warm mirror with WARM=true", async () => {
    const warm = settingsWith({ WARM: "true" });
    const cold = registryWith(`${PACKAGES}/litellm/tags/v1.108.14`);
    expect((await readImage(cold, warm, place)).pinned).toBeUndefined();
    const both = registryWith(`${PACKAGES}/litellm/tags/v1.108.14-warm`);
    expect((await readImage(both, warm, place)).pinned).toMatch(/@sha256:a+$/);
  });

  test("is IMAGE itself where that is in Artifact Registry", async () => {
    const image = "europe-docker.pkg.dev/example.com/theirs/repo/a/b:v1";
    const read = registryWith(
      "v1/projects/example.com:theirs/locations/europe/repositories/repo/packages/a%2Fb/tags/v1",
    );
    expect(
      await readImage(read, settingsWith({ IMAGE: image }), place),
    ).toEqual({
      name: image,
      pinned: `europe-docker.pkg.dev/example.com/theirs/repo/a/b@${digest}`,
    });
    await expect(
      readImage(registryWith(), settingsWith({ IMAGE: image }), place),
    ).rejects.toThrow(`there is no image ${image}`);
  });

  test("is not looked up where IMAGE names its digest", async () => {
    const image = `us-docker.pkg.dev/p/repo/litellm:v1@${digest}`;
    const settings = settingsWith({ IMAGE: image });
    const { pinned } = await readImage(registryWith(), settings, place);
    expect(pinned).toBe(`us-docker.pkg.dev/p/repo/litellm@${digest}`);
  });

  test.each([
    ["docker.io/litellm/litellm:v1", "litellm:v1"],
    [`docker.io/litellm/litellm:v1@${digest}`, "litellm:v1-aaaaaaaaaaaa"],
    [`ghcr.io/berriai/litellm@${digest}`, "litellm:aaaaaaaaaaaa"],
    ["localhost:5000/x/litellm-database:v1", "litellm-database:v1"],
  ])("keeps name and tag of %s in its mirror", (image, mirror) => {
    expect(nameMirror({ ...settingsWith(), image }, place)).toBe(
      `us-central1-docker.pkg.dev/my-project/litellm/${mirror}`,
    );
  });
});

describe("the tools image", () => {
  test("is the latest one unless the build names its own", async () => {
    const latest = registryWith(`${PACKAGES}/tools/tags/latest`);
    expect(await readToolsImage(latest, place, undefined)).toBe(
      `us-central1-docker.pkg.dev/my-project/litellm/tools@${digest}`,
    );
    const own = registryWith(`${PACKAGES}/tools/tags/1234-ab`);
    expect(
      await readToolsImage(own, place, `${place.images}/tools:1234-ab`),
    ).toMatch(/tools@sha256:a+$/);
  });

  test("is missed with the command that builds it", async () => {
    await expect(
      readToolsImage(registryWith(), place, undefined),
    ).rejects.toMatchObject({
      message: `there is no image ${place.images}/tools:latest, which holds the scripts that verify`,
      hint: "Build it from what you want to release: gcloud builds submit --config=cloudbuild.yaml --gcs-source-staging-dir=gs://my-project-litellm-cloudrun/source --region=us-central1 --project=my-project",
    });
  });

  test("is in Artifact Registry and nowhere else", async () => {
    await expect(
      readToolsImage(registryWith(), place, "docker.io/x/tools:1"),
    ).rejects.toThrow("is not an image in Artifact Registry");
  });
});
