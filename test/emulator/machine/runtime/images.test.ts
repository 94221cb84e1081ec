import { describe, expect, it } from "vitest";
import { resolveImage } from "../../../../emulator/machine/runtime/images.ts";

describe("the digest of an image", () => {
  it("is the same for the same tag and another one for another tag", () => {
    const first = resolveImage("docker.io/litellm/litellm:v1.108.14");
    expect(first.withDigest).toMatch(
      /^docker\.io\/litellm\/litellm@sha256:[0-9a-f]{64}$/,
    );
    expect(resolveImage("docker.io/litellm/litellm:v1.108.14")).toEqual(first);
    expect(
      resolveImage("docker.io/litellm/litellm:v1.108.13").digest,
    ).not.toEqual(first.digest);
  });

  it("is the one that the reference names", () => {
    const digest = `sha256:${"0a".repeat(32)}`;
    expect(
      resolveImage(`docker.io/litellm/litellm:v1.108.14@${digest}`).withDigest,
    ).toBe(`docker.io/litellm/litellm@${digest}`);
  });
});

describe("images that there are", () => {
  it.each([
    "docker.io/litellm/litellm:v1.108.14",
    "litellm/litellm:v1.106.2-stable",
    "docker.io/litellm/litellm:v1.80.8-stable.1",
    "docker.io/litellm/litellm:v1.74.9-stable.patch.1",
    "docker.io/litellm/litellm:main-v1.82.0-stable",
    "docker.io/litellm/litellm:v1.81.8-nightly",
    "docker.io/litellm/litellm:1.84.0-rc.1",
    "docker.io/litellm/litellm:v1.84.0.post1",
    "docker.io/litellm/litellm:v1.84.0.dev2",
    "docker.io/litellm/litellm:1.108.14",
    "docker.io/litellm/litellm:v1.108.99",
    "docker.io/litellm/litellm-database:v1.110.2",
    "docker.io/litellm/litellm:main-stable",
    "us-docker.pkg.dev/cloudrun/container/hello",
    "gcr.io/cloudrun/hello:latest",
  ])("%s", (image) => {
    expect(resolveImage(image).digest).toMatch(/^sha256:0{32}[0-9a-f]{32}$/);
  });
});

describe("images that there are not", () => {
  it.each([
    "docker.io/litellm/litellm:nope",
    "docker.io/litellm/litellm:v9.9.9",
    "docker.io/litellm/litellm:v1.82.7",
    "docker.io/litellm/litellm:v1.107.0",
    "docker.io/litellm/litellm:v1.108.14-stabel",
    "docker.io/litellm/litelm:v1.108.14",
    "europe-docker.pkg.dev/demo-litellm/images/litellm:v1.108.14",
    "nginx",
  ])("%s is not found", (image) => {
    expect(() => resolveImage(image)).toThrow(
      expect.objectContaining({
        reason: "ContainerMissing",
        message: `Image '${image}' not found.`,
      }) as Error,
    );
  });
});

describe("images that Cloud Run does not pull", () => {
  it.each([
    "ghcr.io/berriai/litellm:v1.108.14",
    "quay.io/example/litellm",
    "docker.io/litellm/litellm@sha256:123",
    "docker.io/Litellm/litellm:v1",
    "",
  ])("%s is refused", (image) => {
    expect(() => resolveImage(image)).toThrow(
      expect.objectContaining({
        status: "INVALID_ARGUMENT",
        message: `Expected an image path like [host/]repo-path[:tag and/or @digest], where host is one of [region.]gcr.io, [region-]docker.pkg.dev or docker.io but obtained ${image}`,
      }) as Error,
    );
  });
});
