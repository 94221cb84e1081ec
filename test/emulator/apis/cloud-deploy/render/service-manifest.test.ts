import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { renderTarget } from "../../../../../emulator/apis/cloud-deploy/render/render-target.ts";
import {
  formatManifest,
  renderManifest,
  toParams,
} from "../../../../../scripts/lib/manifest/render-manifest.ts";
import { manifest, settingsWith } from "../../../../support/states.ts";

it("makes of this repository's source what a direct deploy makes of it", () => {
  const parameters = toParams(settingsWith({ ACCESS: "public", CPU: "2" }), {
    configVersion: "sha-0123456789ab",
    masterKeyVersion: "3",
    geminiKeyVersion: "1",
  });
  const rendered = renderTarget({
    files: new Map([
      ["skaffold.yaml", readFileSync("skaffold.yaml")],
      ["config/service.yaml", Buffer.from(manifest)],
    ]),
    configPath: "skaffold.yaml",
    stage: { targetId: "dev", strategy: { standard: { verify: true } } },
    parameters,
    labels: {},
    images: new Map(),
  });
  const direct = renderManifest(manifest, parameters);
  expect(parse(rendered.manifest)).toMatchObject(parse(formatManifest(direct)));
  expect(rendered.manifest).not.toContain("unset");
  expect(rendered.verify).toMatchObject([{ image: "litellm-tools" }]);
});
