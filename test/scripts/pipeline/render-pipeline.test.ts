import { describe, expect, test } from "vitest";
import {
  formatPipeline,
  renderPipeline,
} from "../../../scripts/lib/pipeline/render-pipeline.ts";
import { envWith, file, stages } from "../../support/pipeline-states.ts";

function render(): string {
  return formatPipeline(renderPipeline(file, stages));
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
      "Automation litellm/advance-first",
      "Automation litellm/advance",
      "Automation litellm/promote",
      "Automation litellm/repair",
      "Automation litellm/repair-first",
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
          first: "false"
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
            - PREDEPLOY
          serviceAccount: litellm-verify@my-project.iam.gserviceaccount.com
          artifactStorage: gs://my-project-litellm-cloudrun/rollouts
      "
    `);
  });

  test("says nothing of an env but its place: the rest travels with each release", () => {
    const settings = envWith("dev", { NETWORK: "vpc", MEMORY: "3Gi" });
    expect(formatPipeline(renderPipeline(file, [settings]))).not.toMatch(
      /vpc|3Gi|masterKey|deployParameters/,
    );
  });

  test("gives each phase of a canary its profile, its check and its verification", () => {
    const [pipeline] = renderPipeline(file, stages);
    const { stages: rendered } = pipeline?.serialPipeline as {
      stages: { strategy: object }[];
    };
    const phase = (percentage: number) => ({
      phaseId: `canary-${String(percentage)}`,
      percentage,
      profiles: ["prod-eu-canary"],
      predeploy: { actions: ["check"] },
      verify: true,
    });
    expect(rendered[2]?.strategy).toMatchObject({
      canary: {
        runtimeConfig: { cloudRun: { canaryRevisionTags: ["canary"] } },
        customCanaryDeployment: {
          phaseConfigs: [
            phase(0),
            phase(10),
            phase(50),
            {
              phaseId: "stable",
              percentage: 100,
              profiles: ["prod-eu"],
              verify: true,
            },
          ],
        },
      },
    });
  });

  test("gives a stage without a canary its profile", () => {
    const plain = {
      ...file,
      pipeline: {
        ...file.pipeline,
        serialPipeline: {
          stages: [
            { targetId: "dev", strategy: { standard: { verify: true } } },
          ],
        },
      },
    };
    const [pipeline] = renderPipeline(plain, [envWith("dev")]);
    expect(pipeline?.serialPipeline).toEqual({
      stages: [
        {
          targetId: "dev",
          profiles: ["dev"],
          strategy: { standard: { verify: true } },
        },
      ],
    });
  });

  test("marks everything as this project's", () => {
    for (const { metadata } of renderPipeline(file, [])) {
      expect(metadata.labels).toMatchObject({ "litellm-cloudrun": "true" });
    }
    expect(render().match(/litellm-cloudrun: "true"/g)).toHaveLength(9);
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
