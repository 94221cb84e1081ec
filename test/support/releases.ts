import { readFileSync } from "node:fs";
import type {
  ReleaseInput,
  ReleaseState,
} from "../../scripts/lib/release/plan-release.ts";
import type { StageInput } from "../../scripts/lib/release/plan-stages.ts";
import type {
  Release,
  Rollout,
  RolloutState,
} from "../../scripts/lib/release/release-state.ts";
import type { State } from "../../scripts/lib/service/state/state.ts";
import { file, placeFor, setUp, stages } from "./pipeline-states.ts";
import { manifest, newKey } from "./states.ts";

const digest = `sha256:${"d".repeat(64)}`;
const images = "us-central1-docker.pkg.dev/my-project/litellm";

export const PIPELINE =
  "projects/my-project/locations/us-central1/deliveryPipelines/litellm";

/** What a release wants right after the setup. */
export function releaseInput(values: Partial<ReleaseInput> = {}): ReleaseInput {
  const [first, ...rest] = stagesOf(setUp(stages).envs.map((e) => e.project));
  if (first === undefined) throw new Error("no stage");
  const skaffold = readFileSync("skaffold.yaml", "utf8");
  const tools = `${images}/tools@${digest}`;
  return {
    place: placeFor(stages),
    file,
    stages: [first, ...rest],
    config: { file: "config/litellm.vertex.yaml", sha256: "a".repeat(64) },
    texts: { skaffold, manifest },
    tools,
    image: {
      name: `${images}/litellm:v1.108.14`,
      pinned: `${images}/litellm@${digest}`,
    },
    base: "r-0123456789ab",
    now: "2026-11-27T12:00:00.000Z",
    ...values,
  };
}

function stagesOf(states: readonly State[]): StageInput[] {
  return stages.flatMap((settings, index) => {
    const state = states[index];
    const keys = { masterKey: newKey };
    return state === undefined
      ? []
      : [{ settings, keys, state, current: undefined }];
  });
}

export function releaseState(values: Partial<ReleaseState> = {}): ReleaseState {
  const { pipeline, targets, automations } = setUp(stages).pipeline;
  return {
    pipeline: { pipeline, targets, automations },
    releases: [],
    rollouts: [],
    ...values,
  };
}

export function releaseWith(
  id: string,
  values: Partial<Release> = {},
): Release {
  return {
    name: `${PIPELINE}/releases/${id}`,
    renderState: "SUCCEEDED",
    deployParameters: { image: `${id}-image`, configVersion: `sha-${id}` },
    ...values,
  };
}

/** A rollout called `RELEASE-to-TARGET-NUMBER`. `at`: the minute when it was made. */
export function rolloutWith(
  id: string,
  state: RolloutState,
  at = 0,
  values: Partial<Rollout> = {},
): Rollout {
  const [, release = "", targetId = ""] = /^(.+)-to-(.+)-\d{4}$/.exec(id) ?? [];
  const time = `2026-11-24T00:${String(at).padStart(2, "0")}:00Z`;
  const verified = state === "SUCCEEDED";
  return {
    name: `${PIPELINE}/releases/${release}/rollouts/${id}`,
    targetId,
    state,
    createTime: time,
    deployStartTime: time,
    ...(verified && { deployEndTime: time }),
    phases: [
      {
        id: "stable",
        state: verified ? "SUCCEEDED" : "PENDING",
        deploymentJobs: {
          verifyJob: {
            id: "verify",
            state: verified ? "SUCCEEDED" : "PENDING",
          },
        },
      },
    ],
    ...values,
  };
}
