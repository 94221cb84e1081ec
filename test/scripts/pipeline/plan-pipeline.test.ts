import { describe, expect, test } from "vitest";
import { renderPipeline } from "../../../scripts/lib/pipeline/render-pipeline.ts";
import { planPipeline } from "../../../scripts/lib/pipeline/plan-pipeline.ts";
import type { PipelineEffects } from "../../../scripts/lib/pipeline/effects.ts";
import type { PipelineResources } from "../../../scripts/lib/pipeline/pipeline-state.ts";
import {
  emptySetup,
  file,
  placeFor,
  setUp,
  stages,
} from "../../support/pipeline-states.ts";

const place = placeFor(stages);
const resources = renderPipeline(file, stages);

/** Applies into an empty project; afterwards Cloud Deploy holds `after`. */
async function apply(after: PipelineResources): Promise<string[]> {
  const commands: string[] = [];
  const steps = planPipeline(place, resources, emptySetup(stages).pipeline);
  const effects: PipelineEffects = {
    gcloud: (command) => {
      commands.push(`${command.args.join(" ")} < ${command.input ?? ""}`);
      return Promise.resolve("");
    },
    readPipelineResources: () => Promise.resolve(after),
  };
  for (const step of steps) await step.run(effects);
  return commands;
}

describe("the pipeline", () => {
  test("is applied as it is previewed, and read back", async () => {
    const [command] = await apply(setUp(stages).pipeline);
    const [step] = planPipeline(place, resources, emptySetup(stages).pipeline);
    const [, previewed] = /<<'EOF'\n(.*)EOF$/s.exec(step?.preview ?? "") ?? [];
    expect(command).toBe(
      `deploy apply --file=/dev/stdin --region=us-central1 --project=my-project < ${previewed ?? ""}`,
    );
  });

  test("is not there where an operation failed, whatever gcloud exits with", async () => {
    const { pipeline } = setUp(stages);
    pipeline.targets.pop();
    await expect(apply(pipeline)).rejects.toThrow(
      "Cloud Deploy did not take target prod-eu as it was applied",
    );
  });

  test.each([
    ["a field that the template no longer sets", "requireApproval", true, ""],
    [
      "another place",
      "run",
      { location: "projects/p/locations/r" },
      ".location",
    ],
    ["a parameter of its own", "deployParameters", { cpu: "8" }, ""],
    [
      "another label",
      "labels",
      { "litellm-cloudrun": "true", last: "true" },
      ".last",
    ],
  ])("is applied again where a target has %s", (_, field, value, path) => {
    const { pipeline } = setUp(stages);
    const [dev] = pipeline.targets;
    if (dev !== undefined) dev[field] = value;
    const steps = planPipeline(place, resources, pipeline);
    expect(steps.map((s) => s.title)).toEqual([
      expect.stringMatching(/^Apply to Cloud Deploy: target dev \(\S.*\)$/),
    ]);
    expect(steps[0]?.title).toContain(`${field}${path}`);
  });

  test("is left alone where Google only filled something in", () => {
    const { pipeline } = setUp(stages);
    for (const target of pipeline.targets) {
      target.requireApproval ??= false;
      for (const config of target.executionConfigs as object[]) {
        Object.assign(config, {
          executionTimeout: "3600s",
          defaultPool: {},
        });
      }
    }
    expect(planPipeline(place, resources, pipeline)).toEqual([]);
  });
});
