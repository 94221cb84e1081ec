import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { renderTarget } from "../../../../../emulator/apis/cloud-deploy/render/render-target.ts";
import {
  formatManifest,
  renderManifest,
} from "../../../../../scripts/lib/manifest/render-manifest.ts";
import { stageManifest } from "../../../../../scripts/lib/manifest/stage-manifest.ts";
import type { Service } from "../../../../../scripts/lib/manifest/knative.ts";
import { toParameters } from "../../../../../scripts/lib/manifest/parameters.ts";
import { manifest, settingsWith } from "../../../../support/states.ts";

const EGRESS = "run.googleapis.com/vpc-access-egress";
const INTERFACES = "run.googleapis.com/network-interfaces";

it.each([
  ["without a network", {}, {}],
  [
    "with a network",
    { NETWORK: "vpc" },
    { [INTERFACES]: '[{"network":"vpc"}]' },
  ],
  [
    "with a subnet and an egress setting",
    { SUBNET: "gateways", VPC_EGRESS: "all-traffic" },
    {
      [INTERFACES]: '[{"subnetwork":"gateways"}]',
      [EGRESS]: "all-traffic",
    },
  ],
])(
  "makes of this repository's source what a direct deploy makes of it: %s",
  (...given) => {
    const [, values, annotations] = given;
    const settings = settingsWith({
      MODE: "apikey",
      ACCESS: "public",
      CPU: "2",
      ...values,
    });
    const parameters = toParameters(settings, {
      configVersion: "sha-0123456789ab",
      keys: { masterKey: "3", geminiKey: "1" },
    });
    const input = { own: settings, parameters };
    const rendered = renderTarget({
      files: new Map([
        ["skaffold.yaml", readFileSync("skaffold.yaml")],
        ["config/service.yaml", Buffer.from(stageManifest(manifest, input))],
      ]),
      configPath: "skaffold.yaml",
      stage: { targetId: "dev", strategy: { standard: { verify: true } } },
      parameters: { ...parameters, released: "2026-11-27T12:00:00Z" },
      labels: {},
      images: new Map(),
    });
    const stable = rendered.phases.get("stable") ?? {
      manifest: "",
      verify: [],
    };
    const direct = renderManifest(manifest, input);
    expect(parse(stable.manifest)).toMatchObject(parse(formatManifest(direct)));
    expect(stable.manifest).not.toContain("unset");
    const { spec } = parse(stable.manifest) as Service;
    const ofNetwork = Object.entries(
      spec.template.metadata?.annotations ?? {},
    ).filter(([name]) => [EGRESS, INTERFACES].includes(name));
    expect(Object.fromEntries(ofNetwork)).toEqual(annotations);
    expect(stable.verify).toMatchObject([{ image: "litellm-tools" }]);
  },
);
