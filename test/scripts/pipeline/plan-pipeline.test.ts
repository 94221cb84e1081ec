import { describe, expect, test } from "vitest";
import { renderPipeline } from "../../../scripts/lib/pipeline/render-pipeline.ts";
import { planPipeline } from "../../../scripts/lib/pipeline/plan-pipeline.ts";
import type { Tools } from "../../../scripts/lib/plan/step.ts";
import type { PipelineState } from "../../../scripts/lib/pipeline/pipeline-state.ts";
import {
  emptySetup,
  file,
  placeFor,
  setUp,
  stages,
} from "../../support/delivery-states.ts";

const place = placeFor(stages);
const resources = renderPipeline(
  file,
  stages.map((settings) => ({ settings })),
);

/** Applies into an empty project; afterwards Cloud Deploy holds `after`. */
async function apply(after: PipelineState): Promise<string[]> {
  const commands: string[] = [];
  const steps = planPipeline(place, resources, emptySetup(stages).delivery);
  const unused = () => Promise.reject(new Error("not used"));
  const tools: Tools = {
    gcloud: (command) => {
      commands.push(`${command.args.join(" ")} < ${command.input ?? ""}`);
      return Promise.resolve("");
    },
    payloads: { add: unused, access: unused },
    readPipeline: () => Promise.resolve(after),
    verify: unused,
  };
  for (const step of steps) await step.run(tools);
  return commands;
}

describe("the pipeline", () => {
  test("is applied as it is previewed, and read back", async () => {
    const [command] = await apply(setUp(stages).delivery);
    const [step] = planPipeline(place, resources, emptySetup(stages).delivery);
    const [, previewed] = /<<'EOF'\n(.*)EOF$/s.exec(step?.preview ?? "") ?? [];
    expect(command).toBe(
      `deploy apply --file=/dev/stdin --region=us-central1 --project=my-project < ${previewed ?? ""}`,
    );
  });

  test("is not there where an operation failed, whatever gcloud exits with", async () => {
    const { delivery } = setUp(stages);
    delivery.targets.pop();
    await expect(apply(delivery)).rejects.toThrow(
      "Cloud Deploy did not take target prod-eu as it was applied",
    );
  });

  test.each([
    ["a field that the template no longer sets", "requireApproval", true],
    ["another place", "run", { location: "projects/p/locations/r" }],
    ["another parameter", "deployParameters", { cpu: "8" }],
    ["another label", "labels", { "litellm-cloudrun": "true", last: "true" }],
  ])("is applied again where a target has %s", (_, field, value) => {
    const { delivery } = setUp(stages);
    const [dev] = delivery.targets;
    if (dev !== undefined) dev[field] = value;
    const steps = planPipeline(place, resources, delivery);
    expect(steps.map((s) => s.title)).toEqual([
      "Apply to Cloud Deploy: target dev",
    ]);
  });

  test("is left alone where Google only filled something in", () => {
    const { delivery } = setUp(stages);
    for (const target of delivery.targets) {
      target.requireApproval ??= false;
      for (const config of target.executionConfigs as object[]) {
        Object.assign(config, {
          ...{ executionTimeout: "3600s", defaultPool: {} },
        });
      }
    }
    expect(planPipeline(place, resources, delivery)).toEqual([]);
  });
});
