import { describe, expect, it } from "vitest";
import { unpackArchive } from "../../../../../emulator/apis/cloud-deploy/render/archive.ts";
import {
  type RenderInput,
  renderTarget,
} from "../../../../../emulator/apis/cloud-deploy/render/render-target.ts";
import type {
  RenderedPhase,
  RenderedTarget,
} from "../../../../../emulator/apis/cloud-deploy/state.ts";
import {
  packSource,
  SOURCE,
  type Source,
} from "../../../../support/release-source.ts";

function render(source: Source, options: Partial<RenderInput> = {}) {
  const files = Object.entries(source).map(
    ([path, text]) => [path, Buffer.from(text)] as const,
  );
  const { service, phases } = renderTarget({
    files: new Map(files),
    configPath: "skaffold.yaml",
    stage: { targetId: "dev" },
    parameters: { service: "proxy", concurrency: "8", image: "i:1" },
    labels: { "target-id": "dev" },
    images: new Map(),
    ...options,
  });
  return { service, phases, ...requirePhase(phases, "stable") };
}

function requirePhase(
  phases: RenderedTarget["phases"],
  id: string,
): RenderedPhase {
  const phase = phases.get(id);
  if (phase === undefined) throw new Error(`no phase ${id}`);
  return phase;
}

/** The source with changes in skaffold.yaml. */
function withConfig(from: string | RegExp, to: string): Source {
  const config = SOURCE["skaffold.yaml"] ?? "";
  return { ...SOURCE, "skaffold.yaml": config.replace(from, to) };
}

const PROFILES = `
profiles:
- name: other
  manifests: {rawYaml: [other/*.yaml]}
  verify: []
`;

describe("a render", () => {
  it("fills and labels the service, without comments", () => {
    const { manifest, service } = render(SOURCE);
    expect(service).toBe("proxy");
    expect(manifest).toMatchInlineSnapshot(`
      "apiVersion: serving.knative.dev/v1
      kind: Service
      metadata:
        name: proxy
        labels:
          target-id: dev
      spec:
        template:
          spec:
            containerConcurrency: 8
            containers:
              - image: i:1
          metadata:
            labels:
              target-id: dev
      "
    `);
  });

  it("takes the release's images, in verify containers too", () => {
    const images = new Map([
      ["litellm-tools", "r/tools@sha256:1"],
      ["i:1", "r/i@sha256:2"],
    ]);
    const { manifest, verify } = render(SOURCE, { images });
    expect(manifest).toContain("image: r/i@sha256:2");
    expect(verify).toEqual([
      {
        name: "verify",
        image: "r/tools@sha256:1",
        command: ["sh", "-c"],
        args: ["true"],
        env: {},
      },
    ]);
  });

  it("applies the profiles of its stage", () => {
    const source = {
      ...withConfig(/$/, PROFILES),
      "other/one.yaml":
        SOURCE["config/service.yaml"]?.replace(
          "${service}",
          "other-${service}",
        ) ?? "",
    };
    const stage = { targetId: "dev", profiles: ["other"] };
    const { service, verify } = render(source, { stage });
    expect(service).toBe("other-proxy");
    expect(verify).toEqual([]);
  });

  it("applies the profiles of each phase over those of its stage", () => {
    const profile = (name: string) => `
- name: ${name}
  manifests: {rawYaml: [${name}.yaml]}
  customActions:
  - name: check
    containers: [{name: check, image: litellm-tools, args: [${name}]}]`;
    const named = (name: string) =>
      SOURCE["config/service.yaml"]
        ?.replace("kind: Service", `kind: Service # ${name}`)
        .replace("containerConcurrency: 1", `timeoutSeconds: ${name.length}`) ??
      "";
    const source = {
      ...withConfig(/$/, `\nprofiles:${profile("before")}${profile("after1")}`),
      "before.yaml": named("before"),
      "after1.yaml": named("after1"),
    };
    const phaseConfigs = [
      {
        phaseId: "canary-0",
        percentage: 0,
        profiles: ["before"],
        predeploy: { actions: ["check"] },
      },
      {
        phaseId: "stable",
        percentage: 100,
        profiles: ["after1"],
        verify: true,
      },
    ];
    const stage = {
      targetId: "dev",
      strategy: { canary: { customCanaryDeployment: { phaseConfigs } } },
    };

    const { phases } = render(source, { stage });

    expect([...phases.keys()]).toEqual(["canary-0", "stable"]);
    expect(
      [...phases.values()].map(
        ({ actions }) => actions.get("check")?.[0]?.args,
      ),
    ).toEqual([["before"], ["after1"]]);
  });

  it("fails where a phase needs an action that the configuration has not", () => {
    const phaseConfigs = [
      { phaseId: "stable", percentage: 100, predeploy: { actions: ["no"] } },
    ];
    const stage = {
      targetId: "dev",
      strategy: { canary: { customCanaryDeployment: { phaseConfigs } } },
    };

    expect(() => render(SOURCE, { stage })).toThrow(
      "The skaffold.yaml has no custom action no",
    );
  });

  it("reads a configuration in a directory, and files beside it", () => {
    const source = Object.fromEntries(
      Object.entries(SOURCE).map(([path, text]) => [`deploy/${path}`, text]),
    );
    const { service } = render(source, { configPath: "deploy/skaffold.yaml" });
    expect(service).toBe("proxy");
  });

  it.each([
    [
      "an unknown field",
      withConfig("manifests", "manifest"),
      'Unknown name "manifest": Cannot find field.',
    ],
    [
      "a version that Skaffold does not know",
      withConfig("beta13", "beta99"),
      'unknown skaffold API version: "skaffold/v4beta99"',
    ],
    [
      "what is not covered",
      withConfig("rawYaml", "helm"),
      "does not cover the field manifests.helm",
    ],
    [
      "a manifest that is not there",
      withConfig("service.yaml", "nothing.yaml"),
      "open /workspace/source/config/nothing.yaml: no such file or directory",
    ],
    [
      "no skaffold.yaml",
      { "config/service.yaml": "" },
      "config file /workspace/source/skaffold.yaml not found",
    ],
    [
      "broken YAML",
      withConfig("{name: litellm}", "{"),
      "error parsing skaffold configuration file",
    ],
    [
      "a manifest of another kind",
      { ...SOURCE, "config/service.yaml": "apiVersion: v1\nkind: Pod\n" },
      "unsupported Kind for Cloud Run: v1, Kind=Pod",
    ],
    [
      "two services",
      { ...SOURCE, "config/service.yaml": "kind: A\n---\nkind: B\n" },
      "takes one resource, but the manifests have 2",
    ],
  ])("fails on %s", (_what, source, message) => {
    expect(() => render(source)).toThrow(message);
  });

  it("fails on an unknown profile", () => {
    const stage = { targetId: "dev", profiles: ["nope"] };
    expect(() => render(SOURCE, { stage })).toThrow(
      "couldn't find profile nope",
    );
  });

  it("fails where the strategy verifies and nothing says how", () => {
    const source = withConfig(/verify:[^]*/, "");
    const strategy = { standard: { verify: true } };
    const stage = { targetId: "dev", strategy };
    expect(() => render(source, { stage })).toThrow(
      expect.objectContaining({
        failureCause: "VERIFICATION_CONFIG_NOT_FOUND",
      }),
    );
  });

  it("reads archives with paths of any length, and nothing else", async () => {
    const path = `${"long-directory-name/".repeat(12)}file.txt`;
    const archive = await packSource({ [path]: "deep", "a.txt": "" });
    const files = unpackArchive("gs://b/o.tgz", archive);
    expect([...files.keys()].sort()).toEqual(["a.txt", path]);
    expect(files.get(path)?.toString()).toBe("deep");
    expect(() => unpackArchive("gs://b/o.tgz", Buffer.from("no"))).toThrow(
      'failed to unarchive "gs://b/o.tgz"',
    );
  });
});
