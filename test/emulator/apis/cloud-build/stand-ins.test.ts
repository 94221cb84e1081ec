import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  BUILDER,
  COSIGN,
  CRANE,
  DOCKER,
  IMAGES,
  LOCATION,
  newBuild,
  run,
  startBuildEmulator,
} from "../../../support/builds.ts";
import type { TestEmulator } from "../../../support/emulator.ts";
import { registryOf } from "../../../../emulator/apis/artifact-registry/state.ts";

const IDENTITY =
  "https://github.com/BerriAI/project-releaser/.github/workflows/release.yml@refs/heads/main";
const ISSUER = "https://token.actions.githubusercontent.com";
const KEYLESS = [
  `--certificate-identity=${IDENTITY}`,
  `--certificate-oidc-issuer=${ISSUER}`,
];
const KEY =
  "--key=https://raw.githubusercontent.com/BerriAI/litellm/e82a3c646908ba0a6ee0beddc4310d7a6cac4065/cosign.pub";

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startBuildEmulator();
});

afterAll(() => emulator.close());

describe("cosign verify", () => {
  const verify = (version: string, ...flags: string[]) =>
    run(
      emulator,
      newBuild([
        {
          name: COSIGN,
          args: ["verify", ...flags, `docker.io/litellm/litellm:${version}`],
        },
      ]),
    );

  it.each([
    ["v1.108.14", KEYLESS],
    ["v1.110.1", KEYLESS],
    ["v1.106.11", KEYLESS],
    ["v1.108.10", [KEY]],
    ["v1.106.3", [KEY]],
  ])("takes %s as LiteLLM signed it", async (version, flags) => {
    const { build, lines } = await verify(version, ...flags);
    expect(build.status).toBe("SUCCESS");
    expect(lines.join("\n")).toContain("The emulator stands in: cosign");
  });

  it.each([
    [
      "v1.108.14",
      [
        "--certificate-identity=https://example.com",
        `--certificate-oidc-issuer=${ISSUER}`,
      ],
      "none of the expected identities matched what was in the certificate",
    ],
    [
      "v1.108.14",
      [`--certificate-identity=${IDENTITY}`],
      "--certificate-oidc-issuer or --certificate-oidc-issuer-regexp is required",
    ],
    [
      "v1.108.14",
      [KEY],
      "invalid signature when validating ASN.1 encoded signature",
    ],
    ["v1.108.10", KEYLESS, "no certificate found on signature"],
    [
      "v1.106.2",
      [KEY],
      "invalid signature when validating ASN.1 encoded signature",
    ],
    ["v1.80.0", [KEY], "no signatures found"],
    ["v9.9.9", KEYLESS, "manifest unknown"],
  ])("refuses %s with %j", async (version, flags, expected) => {
    const { build, lines } = await verify(version, ...flags);
    expect(build.status).toBe("FAILURE");
    expect(lines.join("\n")).toContain(expected);
  });

  it("finds no signature on a copy", async () => {
    const copy = `${IMAGES}/litellm:copy`;
    const { lines } = await run(
      emulator,
      newBuild([
        { name: CRANE, args: ["cp", "litellm/litellm:v1.108.14", copy] },
        { name: COSIGN, args: ["verify", ...KEYLESS, copy] },
      ]),
    );
    expect(lines.join("\n")).toContain("no signatures found");
  });

  it("has no shell", async () => {
    const step = { name: COSIGN, entrypoint: "sh", args: ["-c", "true"] };
    const { build, lines } = await run(emulator, newBuild([step]));
    expect(build.status).toBe("FAILURE");
    expect(lines.join("\n")).toContain('exec: "sh": executable file not found');
  });
});

describe("crane cp", () => {
  it("keeps the digest", async () => {
    const { lines } = await run(
      emulator,
      newBuild([
        {
          name: CRANE,
          args: [
            "cp",
            "docker.io/litellm/litellm:v1.108.14",
            `${IMAGES}/litellm:v1`,
          ],
        },
        {
          name: CRANE,
          entrypoint: "sh",
          args: [
            "-c",
            `[ "$(crane digest ${IMAGES}/litellm:v1)" = "$(crane digest docker.io/litellm/litellm:v1.108.14)" ] && echo same`,
          ],
        },
      ]),
    );
    expect(lines).toContain("Step #1: same");
  });

  it("may not write into the workspace, which is root's", async () => {
    const write = (name: string) => ({
      name,
      entrypoint: "sh",
      args: ["-c", "echo digest > /workspace/image"],
    });
    const refused = await run(emulator, newBuild([write(CRANE)]));
    expect(refused.build.status).toBe("FAILURE");
    expect(refused.lines).toContain(
      "Step #0: sh: can't create /workspace/image: Permission denied",
    );
    const { build } = await run(emulator, newBuild([write(DOCKER)]));
    expect(build.status).toBe("SUCCESS");
  });

  it.each([
    [
      "us-central1-docker.pkg.dev/demo-litellm/other/litellm:v1",
      /Repository "other" not found/,
    ],
    [
      "us-central1-docker.pkg.dev/other-project/litellm/litellm:v1",
      /denied: Permission 'artifactregistry.repositories.uploadArtifacts' denied/,
    ],
    ["docker.io/library/mine:v1", /invalid reference/],
  ])("does not copy to %s", async (to, expected) => {
    const from = "docker.io/litellm/litellm:v1.108.14";
    const { build, lines } = await run(
      emulator,
      newBuild([{ name: CRANE, args: ["cp", from, to] }]),
    );
    expect(build.status).toBe("FAILURE");
    expect(lines.join("\n")).toMatch(expected);
  });
});

it("docker pushes nothing that it has not built", async () => {
  const step = { name: DOCKER, args: ["push", `${IMAGES}/tools`] };
  const { lines } = await run(emulator, newBuild([step]));
  expect(lines.join("\n")).toContain(
    "An image does not exist locally with the tag",
  );
});

describe("cloudbuild.mirror.yaml", () => {
  const file = new URL("../../../../cloudbuild.mirror.yaml", import.meta.url);
  const mirror = async (version: string, warm: boolean) => {
    const parsed = parse(await readFile(file, "utf8")) as object;
    return run(emulator, {
      ...parsed,
      serviceAccount: `projects/$PROJECT_ID/serviceAccounts/${BUILDER}`,
      substitutions: {
        _IMAGE: `docker.io/litellm/litellm:${version}`,
        _MIRROR: `${IMAGES}/mirrored:${version}`,
        _WARM: String(warm),
      },
    });
  };
  const stored = () =>
    registryOf(emulator.cloud)
      .repositories.get(`${LOCATION}/repositories/litellm`)
      ?.images.filter((image) => image.package === "mirrored") ?? [];

  it("copies a signed image, and warms it", async () => {
    const { build, lines } = await mirror("v1.108.14", true);
    expect(build.status, lines.join("\n")).toBe("SUCCESS");
    const [plain, warm] = stored();
    expect(plain).toMatchObject({
      tags: new Set(["v1.108.14"]),
      content: { kind: "litellm", version: "v1.108.14", warm: false },
    });
    expect(warm).toMatchObject({
      tags: new Set(["v1.108.14-warm"]),
      content: { kind: "litellm", version: "v1.108.14", warm: true },
    });
    expect(warm?.digest).not.toBe(plain?.digest);
  });

  it("copies no image that LiteLLM has not signed", async () => {
    const before = stored().length;
    const { build, lines } = await mirror("v1.80.0", false);
    expect(build.status).toBe("FAILURE");
    expect(lines.join("\n")).toContain("no signatures found");
    expect(stored()).toHaveLength(before);
  });
});
