import { describe, expect, test } from "vitest";
import {
  checkParameters,
  checkStages,
  checkTogether,
} from "../../../scripts/lib/pipeline/check-pipeline.ts";
import { parsePipelineFile } from "../../../scripts/lib/pipeline/pipeline-file.ts";
import { envWith, file } from "../../support/pipeline-states.ts";

const envs = ["dev", "prod-us", "prod-eu"].map((env) => ({
  env,
  direct: false,
}));

describe("the stages of clouddeploy.yaml", () => {
  test("are the env files, without those of direct deploys", () => {
    const all = [...envs, { env: "local", direct: true }];
    expect(checkStages(file, all)).toEqual([]);
  });

  test("each need an env file", () => {
    expect(checkStages(file, envs.slice(0, 2))).toEqual([
      "clouddeploy.yaml:34: stage prod-eu has no env file: make envs/prod-eu.env, or remove the stage",
    ]);
  });

  test("have names that fit into those of rollouts", () => {
    const long = "production-in-europe-west1";
    const stage = `serialPipeline: {stages: [{targetId: ${long}}]}`;
    const other = parsePipelineFile(
      `kind: DeliveryPipeline\nmetadata: {name: litellm}\n${stage}\n`,
    );
    expect(checkStages(other, [{ env: long, direct: false }])).toEqual([
      expect.stringContaining(`stage ${long}: expected at most 25`),
    ]);
  });

  test("are missed by an env file that is no stage", () => {
    expect(
      checkStages(file, [...envs, { env: "asia", direct: false }]),
    ).toEqual([
      "envs/asia.env: no stage of clouddeploy.yaml is called asia: add the stage, or DELIVERY=direct to the env file",
    ]);
  });

  test("are no envs of direct deploys", () => {
    const [dev, ...prod] = envs;
    const direct = { env: "dev", ...dev, direct: true };
    expect(checkStages(file, [direct, ...prod])).toEqual([
      "clouddeploy.yaml:14: dev is a stage, but envs/dev.env says DELIVERY=direct: remove one of the two",
    ]);
  });

  test("are what targets are about", () => {
    const other = parsePipelineFile(
      [
        "kind: DeliveryPipeline",
        "metadata: {name: litellm}",
        "serialPipeline: {stages: [{targetId: dev}, {targetId: dev}]}",
        "---",
        "kind: Target",
        "metadata: {name: prod}",
        "---",
        "kind: Automation",
        "metadata: {name: other/advance}",
      ].join("\n"),
    );
    expect(checkStages(other, envs.slice(0, 1))).toEqual([
      "clouddeploy.yaml:3: stage dev stands there twice",
      "clouddeploy.yaml: target prod is no stage: the stages are dev, dev",
      "clouddeploy.yaml: automation other/advance: expected litellm/NAME",
    ]);
  });
});

describe("clouddeploy.yaml", () => {
  test.each([
    ["", "expected exactly one document of kind DeliveryPipeline"],
    ["kind: Service\nmetadata: {name: x}", "clouddeploy.yaml:1: kind Service"],
    ["kind: Target", "clouddeploy.yaml:1: metadata.name is missing"],
    ["a: 1\nb: [", "clouddeploy.yaml:2: "],
    [
      "kind: DeliveryPipeline\nmetadata: {name: x}",
      "serialPipeline.stages is empty",
    ],
    [
      "kind: DeliveryPipeline\nmetadata: {name: x}\nserialPipeline:\n  stages:\n    - profiles: []",
      "clouddeploy.yaml:5: a stage without targetId",
    ],
  ])("is refused where it is %j", (text, message) => {
    expect(() => parsePipelineFile(text)).toThrow(message);
  });
});

describe("the envs of one pipeline", () => {
  test("share what a release has one of", () => {
    const problems = checkTogether([
      envWith("dev"),
      envWith("prod-us", { MODE: "apikey", SERVICE: "us" }),
      envWith("prod-eu", {
        IMAGE: "docker.io/litellm/litellm:v1.2.3",
        SERVICE: "eu",
        CONFIG: "config/other.yaml",
        WARM: "true",
      }),
    ]);
    expect(problems).toEqual([
      "envs/prod-us.env: MODE=apikey, but envs/dev.env has vertex: one release has one MODE",
      "envs/prod-eu.env: CONFIG=config/other.yaml, but envs/dev.env has config/litellm.vertex.yaml: one release has one CONFIG",
      "envs/prod-eu.env: IMAGE=docker.io/litellm/litellm:v1.2.3, but envs/dev.env has docker.io/litellm/litellm:v1.108.14: one release has one IMAGE",
      "envs/prod-eu.env: WARM=true, but envs/dev.env has false: one release has one WARM",
    ]);
  });

  test("are about different services", () => {
    expect(checkTogether([envWith("dev"), envWith("prod")])).toEqual([
      "envs/prod.env: the same service as envs/dev.env (litellm-proxy in my-project, us-central1): choose another SERVICE or REGION",
    ]);
  });
});

describe("deploy parameters", () => {
  test("are refused as Cloud Deploy would refuse them", () => {
    const many = Array.from({ length: 49 }, (_, i) => [`p${String(i)}`, "x"]);
    expect(
      checkParameters("target dev", {
        CLOUD_DEPLOY_X: "1",
        long: "x".repeat(513),
        ...(Object.fromEntries(many) as Record<string, string>),
      }),
    ).toEqual([
      "target dev: parameter CLOUD_DEPLOY_X: Cloud Deploy keeps names that begin with CLOUD_DEPLOY_ for itself",
      "target dev: parameter long has 513 characters: Cloud Deploy takes at most 512",
      "target dev: 51 parameters: Cloud Deploy takes at most 50",
    ]);
  });

  test("may be as long as Cloud Deploy lets them be", () => {
    expect(checkParameters("x", { a: "x".repeat(512) })).toEqual([]);
  });
});
