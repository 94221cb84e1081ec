import { describe, expect, test } from "vitest";
import {
  formatPipeline,
  renderPipeline,
} from "../../../scripts/lib/pipeline/render-pipeline.ts";
import { envWith, file, stages } from "../../support/pipeline-states.ts";

function render(): string {
  const inputs = stages.map((settings) => ({
    settings,
    pins: { masterKey: "3" },
  }));
  return formatPipeline(renderPipeline(file, inputs));
}

describe("the rendered pipeline", () => {
  test("has the template's stages, a target a stage, and the automations", () => {
    const names = render()
      .split("---\n")
      .map((d) => /^kind: (\w+)\nmetadata:\n {2}name: (\S+)/m.exec(d))
      .map((found) => `${found?.[1] ?? ""} ${found?.[2] ?? ""}`);
    expect(names).toEqual([
      "DeliveryPipeline litellm",
      "Target dev",
      "Target prod-us",
      "Target prod-eu",
      "Automation litellm/advance",
      "Automation litellm/promote",
      "Automation litellm/repair",
    ]);
  });

  test("fills a target in from its env", () => {
    expect(render().split("---\n")[2]).toMatchInlineSnapshot(`
      "apiVersion: deploy.cloud.google.com/v1
      kind: Target
      metadata:
        name: prod-us
        labels:
          litellm-cloudrun: "true"
          strategy: canary
          last: "false"
      description: gateway in prod-project, us-central1
      requireApproval: true
      run:
        location: projects/prod-project/locations/us-central1
      executionConfigs:
        - usages:
            - RENDER
            - DEPLOY
          serviceAccount: litellm-execution@my-project.iam.gserviceaccount.com
          artifactStorage: gs://my-project-litellm-cloudrun/rollouts
        - usages:
            - VERIFY
          serviceAccount: litellm-verify@my-project.iam.gserviceaccount.com
          artifactStorage: gs://my-project-litellm-cloudrun/rollouts
      deployParameters:
        env: prod-us
        region: us-central1
        access: public
        projectId: prod-project
        modelRegion: global
        service: gateway
        serviceAccount: litellmsa@prod-project.iam.gserviceaccount.com
        configSecret: litellm-config
        ingress: all
        cpu: "1"
        memory: 1Gi
        concurrency: "40"
        minInstances: "0"
        maxInstances: "10"
        timeout: "600"
        invokerIamDisabled: "true"
        masterKeySecret: litellm-master-key
        masterKeyVersion: "3"
      "
    `);
  });

  test("gives a target the network of its env, and none where it has none", () => {
    const settings = envWith("dev", {
      NETWORK: "vpc",
      SUBNET: "gateways",
      VPC_EGRESS: "all-traffic",
    });
    const [, target] = renderPipeline(file, [{ settings }]);
    expect(target?.deployParameters).toMatchObject({
      networkInterfaces: '[{"network":"vpc","subnetwork":"gateways"}]',
      vpcEgress: "all-traffic",
    });
    const [, without] = renderPipeline(file, [{ settings: envWith("dev") }]);
    expect(Object.keys(without?.deployParameters ?? {})).not.toContain(
      "networkInterfaces",
    );
    expect(render()).not.toMatch(/network|vpcEgress|subnet/);
  });

  test("gives a target no parameter that the release has", () => {
    for (const name of ["image", "configVersion"]) {
      expect(render()).not.toMatch(new RegExp(`^ +${name}:`, "m"));
    }
  });

  test("leaves the versions of keys out before the first release", () => {
    const inputs = stages.map((settings) => ({ settings }));
    const text = formatPipeline(renderPipeline(file, inputs));
    expect(text).not.toContain("masterKeyVersion");
  });

  test("marks everything as this project's", () => {
    for (const { metadata } of renderPipeline(file, [])) {
      expect(metadata.labels).toMatchObject({ "litellm-cloudrun": "true" });
    }
    expect(render().match(/litellm-cloudrun: "true"/g)).toHaveLength(7);
  });

  test("tells the automations which target is the last", () => {
    expect(render().match(/last: "\w+"/g)).toEqual([
      'last: "false"',
      'last: "false"',
      'last: "true"',
      // Of the automation that promotes.
      'last: "false"',
    ]);
  });
});
