import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { stringify } from "yaml";
import type {
  Rollout,
  RolloutState,
} from "../../emulator/apis/cloud-deploy/rollout.ts";
import {
  type Automation,
  type DeliveryPipeline,
  type Stage,
  type StoredRelease,
  type Target,
  deliveryOf,
} from "../../emulator/apis/cloud-deploy/state.ts";
import { phaseConfigsOf } from "../../emulator/apis/cloud-deploy/engine/phases.ts";
import type { EmulatorOptions } from "../../emulator/emulator.ts";
import { createServiceAccount } from "../../emulator/apis/iam/service-account.ts";
import type { TrafficTarget } from "../../emulator/apis/run/model.ts";
import { startTestEmulator, type TestEmulator } from "./emulator.ts";
import { callRest, type RestAnswer } from "./rest.ts";
import { TEST_IMAGE } from "./runtime.ts";
import { runOf } from "../../emulator/apis/run/state.ts";

const VERIFY_IMAGE = "us-central1-docker.pkg.dev/demo-litellm/litellm/tools:v1";
const PLACE = "projects/demo-litellm/locations/us-central1";
export const PIPELINE = `${PLACE}/deliveryPipelines/litellm`;

const REGIONS: Record<string, string> = {
  dev: "us-central1",
  "prod-us": "us-east1",
  "prod-eu": "europe-west1",
};

export const EXECUTION = account("execution");
export const AUTOMATION = account("automation");
const VERIFY = account("verify");
const RUNTIME = account("litellmsa");

function account(name: string): string {
  return `${name}@demo-litellm.iam.gserviceaccount.com`;
}

/** An emulator with a pipeline dev, prod-us, prod-eu; its accounts hold their least roles. Automations wait a tenth of a second. */
export async function startDeliveryEmulator(
  options: EmulatorOptions = {},
): Promise<TestEmulator> {
  const file = (name: string) =>
    fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const emulator = await startTestEmulator({
    litellm: "stand-in",
    scripts: {
      [TEST_IMAGE]: file("container"),
      [VERIFY_IMAGE]: file("verify-container"),
    },
    longestWait: 100,
    ...options,
  });
  const project = emulator.cloud.project("demo-litellm");
  for (const api of ["run", "clouddeploy", "iam"]) {
    project.enabledApis.add(`${api}.googleapis.com`);
  }
  for (const email of [EXECUTION, VERIFY, AUTOMATION, RUNTIME]) {
    createServiceAccount(project, email, {});
  }
  const grant = (role: string, ...emails: string[]) =>
    project.policy.bindings.push({
      role: `roles/${role}`,
      members: emails.map((email) => `serviceAccount:${email}`),
    });
  grant("clouddeploy.jobRunner", EXECUTION, VERIFY);
  grant("run.admin", EXECUTION);
  grant("iam.serviceAccountUser", EXECUTION, AUTOMATION);
  grant("clouddeploy.operator", AUTOMATION);
  addPipeline(emulator);
  return emulator;
}

function addPipeline({ cloud }: TestEmulator): void {
  const canary: Stage["strategy"] = {
    canary: {
      runtimeConfig: {
        cloudRun: {
          automaticTrafficControl: true,
          canaryRevisionTags: ["canary"],
          priorRevisionTags: ["prior"],
          stableRevisionTags: ["stable"],
        },
      },
      canaryDeployment: { percentages: [0, 10, 50], verify: true },
    },
  };
  const pipeline: DeliveryPipeline = {
    ...newResource(PIPELINE),
    serialPipeline: {
      stages: [
        { targetId: "dev", strategy: { standard: { verify: true } } },
        { targetId: "prod-us", strategy: canary },
        { targetId: "prod-eu", strategy: canary },
      ],
    },
  };
  deliveryOf(cloud).pipelines.set(PIPELINE, pipeline);
  for (const [targetId, region] of Object.entries(REGIONS)) {
    const name = `${PLACE}/targets/${targetId}`;
    const target: Target = {
      ...newResource(name),
      targetId,
      labels: { strategy: targetId === "dev" ? "standard" : "canary" },
      run: { location: `projects/demo-litellm/locations/${region}` },
      executionConfigs: [
        { usages: ["RENDER", "DEPLOY"], serviceAccount: EXECUTION },
        { usages: ["VERIFY", "PREDEPLOY"], serviceAccount: VERIFY },
      ],
    };
    deliveryOf(cloud).targets.set(name, target);
  }
}

function newResource(name: string) {
  const updateTime = new Date().toISOString();
  return { ...newRelease(name), updateTime };
}

/** A release is never updated. */
function newRelease(name: string) {
  const uid = randomUUID().replaceAll("-", "");
  const etag = uid.slice(0, 16);
  return { name, uid, etag, createTime: new Date().toISOString() };
}

/** Changes a stage before a release takes its snapshot. */
export function changeStage(
  { cloud }: TestEmulator,
  targetId: string,
  changes: Partial<Stage>,
): void {
  const pipeline = deliveryOf(cloud).pipelines.get(PIPELINE);
  if (pipeline) Object.assign(requireStage(pipeline, targetId), changes);
}

/** Changes a target before a release takes its snapshot. */
export function changeTarget(
  { cloud }: TestEmulator,
  targetId: string,
  changes: Partial<Target>,
): void {
  const target = deliveryOf(cloud).targets.get(`${PLACE}/targets/${targetId}`);
  if (target) Object.assign(target, changes);
}

/** An automation of the pipeline for the targets with that label. */
export function addAutomation(
  { cloud }: TestEmulator,
  id: string,
  strategy: string,
  rules: Automation["rules"],
): void {
  const name = `${PIPELINE}/automations/${id}`;
  deliveryOf(cloud).automations.set(name, {
    ...newResource(name),
    serviceAccount: AUTOMATION,
    selector: { targets: [{ labels: { strategy } }] },
    rules,
  });
}

/** A rendered release of the test container. The container gets `START`; the verify container the other parameters. */
export function addRelease(
  { cloud }: TestEmulator,
  id: string,
  { START = "", ...parameters }: Record<string, string> = {},
): StoredRelease {
  const { pipelines, releases, targets } = deliveryOf(cloud);
  const pipeline = pipelines.get(PIPELINE);
  if (pipeline === undefined) throw new Error("no pipeline");
  const name = `${PIPELINE}/releases/${id}`;
  const labels = { "managed-by": "google-cloud-deploy", "release-id": id };
  const manifest = stringify({
    apiVersion: "serving.knative.dev/v1",
    kind: "Service",
    metadata: {
      name: "hello",
      labels,
      annotations: { "run.googleapis.com/invoker-iam-disabled": "true" },
    },
    spec: {
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: RUNTIME,
          containers: [
            {
              image: TEST_IMAGE,
              env: [
                { name: "START", value: START },
                { name: "RELEASE", value: id },
              ],
            },
          ],
        },
      },
    },
  });
  const verify = [
    { name: "verify", image: VERIFY_IMAGE, command: [], args: [], env: {} },
  ];
  const phase = { manifest, verify, actions: new Map([["check", verify]]) };
  const rendered = (target: string) => ({
    phases: new Map(
      phaseConfigsOf(requireStage(pipeline, target)).map(({ phaseId }) => [
        phaseId,
        phase,
      ]),
    ),
    parameters,
  });
  const stored: StoredRelease = {
    resource: {
      ...newRelease(name),
      renderState: "SUCCEEDED",
      deliveryPipelineSnapshot: structuredClone(pipeline),
      targetSnapshots: structuredClone([...targets.values()]),
      targetRenders: {},
      targetArtifacts: {},
    },
    rendered: new Map(
      Object.keys(REGIONS).map((target) => [target, rendered(target)]),
    ),
    renderedAll: Promise.resolve(),
  };
  releases.set(name, stored);
  return stored;
}

function requireStage(pipeline: DeliveryPipeline, target: string): Stage {
  const { stages } = pipeline.serialPipeline;
  const stage = stages.find(({ targetId }) => targetId === target);
  if (stage === undefined) throw new Error(`no stage ${target}`);
  return stage;
}

/** `RELEASE-to-TARGET-NUMBER`. */
export function rolloutId(release: string, target: string, number = 1): string {
  return `${release}-to-${target}-${String(number).padStart(4, "0")}`;
}

export function createRollout(
  emulator: TestEmulator,
  release: string,
  targetId: string,
  number = 1,
  query = "",
): Promise<RestAnswer> {
  const id = rolloutId(release, targetId, number);
  return callRest(
    emulator,
    "POST",
    `/v1/${PIPELINE}/releases/${release}/rollouts?rolloutId=${id}${query}`,
    { targetId },
  );
}

/** A custom method of a rollout. */
export function act(
  emulator: TestEmulator,
  rollout: Rollout,
  verb: string,
  body: object = {},
): Promise<RestAnswer> {
  return callRest(emulator, "POST", `/v1/${rollout.name}:${verb}`, body);
}

/** Waits until the rollout is in the state. */
export function inState(
  emulator: TestEmulator,
  id: string,
  state: RolloutState,
): Promise<Rollout> {
  return until(() => {
    const rollout = findRollout(emulator, id);
    if (rollout?.state === state) return rollout;
    const { phases = [], failureReason = "" } = rollout ?? {};
    throw new Error(
      `${id} is ${rollout?.state ?? "not there"}: ${phases.map((p) => `${p.id} ${p.state}`).join(", ")} ${failureReason}`,
    );
  });
}

/** Waits until the phase of the rollout is in the state. */
export function phaseInState(
  emulator: TestEmulator,
  id: string,
  phaseId: string,
  state: string,
): Promise<Rollout> {
  return until(() => {
    const rollout = findRollout(emulator, id);
    const phase = rollout?.phases.find((p) => p.id === phaseId);
    if (rollout && phase?.state === state) return rollout;
    throw new Error(
      `${id} ${phaseId} is ${phase?.state ?? "not there"}: ${rollout?.failureReason ?? ""}`,
    );
  });
}

/** Polls until `look` does not throw. */
export function until<T>(look: () => T): Promise<T> {
  return vi.waitFor(look, { timeout: 30_000, interval: 10 });
}

export function findRollout(
  { cloud }: TestEmulator,
  id: string,
): Rollout | undefined {
  return [...deliveryOf(cloud).rollouts.values()].find(({ name }) =>
    name.endsWith(`/rollouts/${id}`),
  );
}

/** Deploys a release to a target from its stable phase on. */
export async function deployStable(
  emulator: TestEmulator,
  release: string,
  target: string,
): Promise<Rollout> {
  await createRollout(emulator, release, target, 1, "&startingPhaseId=stable");
  return inState(emulator, rolloutId(release, target), "SUCCEEDED");
}

/** Where the traffic of a target's service goes: `RELEASE PERCENT TAG`, those with neither left out. */
export function trafficOf({ cloud }: TestEmulator, target: string): string[] {
  const region = REGIONS[target] ?? "";
  const service = runOf(cloud.project("demo-litellm")).services.get(
    `${region}/hello`,
  );
  const release = ({ revisionName = "" }: TrafficTarget) =>
    service?.revisions.get(revisionName)?.template.metadata.labels[
      "release-id"
    ] ?? "?";
  return (service?.serving ?? []).map(
    (served) => `${release(served)} ${served.percent ?? 0} ${served.tag ?? ""}`,
  );
}
