import * as commands from "../../google/commands/service.ts";
import { type Difference, compareWithServing } from "../../manifest/compare.ts";
import {
  type SecretPins,
  renderManifest,
  toParams,
  withRevision,
} from "../../manifest/render-manifest.ts";
import { isOurService } from "../ownership.ts";
import type { Service } from "../../manifest/knative.ts";
import type { State } from "../state/state.ts";
import {
  candidateTraffic,
  planAtOnce,
  planCandidate,
  replaceStep,
  verifyStep,
} from "../candidate.ts";
import type { DeployInput } from "../prepare/input.ts";
import { withPredecessor } from "../predecessor.ts";
import { findServing, isProtected, revisionName } from "../serving.ts";
import { type Plan, type Step, gcloudStep } from "../../plan/step.ts";

export interface ServicePlan {
  plan: Plan;
  /** The revision that serves in the end. */
  revision: string;
  /** In which fields the serving revision is not what it should be; undefined: nothing serves. */
  differences: Difference[] | undefined;
}

/**
 * Nothing where the serving revision is the desired one. Where another one
 * serves, a candidate at 0 % is verified before it takes the traffic; where
 * none does, the new revision takes it at once and is verified after.
 */
export function planService(
  input: DeployInput,
  state: State,
  pins: SecretPins,
): ServicePlan {
  const { settings } = input;
  const params = toParams(settings, pins);
  const desired = renderManifest(input.manifest, params);
  const { service } = state;
  const revision = revisionName(settings.service, input.attempt);
  const serving = service && findServing(service, state.revisions);
  if (
    service === undefined ||
    serving === undefined ||
    !isProtected(serving, state.revisions)
  ) {
    return {
      plan: planFirst(input, state, withPredecessor(desired, serving)),
      revision,
      differences: undefined,
    };
  }
  const differences =
    serving.revision === undefined
      ? [{ path: "traffic", actual: serving.targets, desired: "one revision" }]
      : compareWithServing(desired, service, serving.revision);
  if (differences.length === 0 && isOurService(service)) {
    const serves = serving.revision?.metadata.name ?? "";
    return {
      plan: [
        serving.unverified ? [verifyStep(input, serves, undefined)] : [],
        planTagRemoval(input, serving.staleTags),
      ],
      revision: serves,
      differences,
    };
  }
  const traffic = candidateTraffic(input, serving, revision);
  const candidate = withRevision(desired, revision, traffic);
  const manifest = withPredecessor(candidate, serving);
  const title = `Bring up candidate ${revision} at 0 %`;
  const bringUp = replaceStep(input, state, manifest, title);
  return {
    plan: planCandidate(input, revision, bringUp),
    revision,
    differences,
  };
}

function planFirst(input: DeployInput, state: State, desired: Service): Plan {
  const revision = revisionName(input.settings.service, input.attempt);
  const manifest = withRevision(desired, revision, [
    { revisionName: revision, percent: 100 },
  ]);
  const title = `Deploy revision ${revision}`;
  const step = replaceStep(input, state, manifest, title);
  return planAtOnce(input, revision, step);
}

function planTagRemoval(input: DeployInput, tags: string[]): Step[] {
  if (tags.length === 0) return [];
  const command = commands.updateTraffic(input.settings, { removeTags: tags });
  return [gcloudStep(`Remove the tags of earlier candidates`, command)];
}
