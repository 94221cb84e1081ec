import { describe, expect, test } from "vitest";
import type { KeyPins } from "../../../scripts/lib/manifest/parameters.ts";
import { formatManifest } from "../../../scripts/lib/manifest/render-manifest.ts";
import { manifest, rendered, settingsWith } from "../../support/states.ts";

const configVersion = "sha-0123456789ab";

function render(values: Record<string, string> = {}, keys: KeyPins = {}) {
  return rendered(settingsWith(values), {
    configVersion,
    keys: { masterKey: "3", ...keys },
  });
}

describe("the manifest", () => {
  test("pins everything that a revision reads", () => {
    const { spec } = render().spec.template;
    expect(spec.volumes?.[0]?.secret).toEqual({
      secretName: "litellm-config",
      items: [{ key: "sha-0123456789ab", path: "config.yaml" }],
    });
    expect(
      spec.containers[0]?.env?.find((e) => e.name === "LITELLM_MASTER_KEY"),
    ).toMatchObject({
      valueFrom: { secretKeyRef: { name: "litellm-master-key", key: "3" } },
    });
  });

  test("keeps numbers numbers and numeric strings strings", () => {
    const text = formatManifest(render({ CONCURRENCY: "7", CPU: "2" }));
    expect(text).toContain("containerConcurrency: 7\n");
    expect(text).toContain('cpu: "2"\n');
    expect(text).toContain('run.googleapis.com/minScale: "0"\n');
  });

  test("has no Gemini key outside API-key mode", () => {
    expect(formatManifest(render())).not.toContain("GEMINI_API_KEY");
    const apikey = render({ MODE: "apikey" }, { geminiKey: "1" });
    expect(formatManifest(apikey)).toContain("GEMINI_API_KEY");
  });

  test("turns the invoker check off for public access only", () => {
    const disabled = "run.googleapis.com/invoker-iam-disabled";
    expect(render().metadata.annotations?.[disabled]).toBe("true");
    expect(render({ ACCESS: "iam" }).metadata.annotations?.[disabled]).toBe(
      "false",
    );
  });

  test("leaves no default that cannot be deployed", () => {
    const apikey = render({ MODE: "apikey" }, { geminiKey: "1" });
    expect(formatManifest(apikey)).not.toContain("unset");
  });

  test("refuses a parameter that no env has", () => {
    const text = manifest.replace("${memory}", "${momery}");
    const pins = { configVersion, keys: { masterKey: "3" } };
    expect(() => rendered(settingsWith(), pins, text)).toThrow(
      "config/service.yaml: no value for ${momery}",
    );
  });
});
