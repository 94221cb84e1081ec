import { updateTraffic } from "../../google/commands/run.ts";
import { type Difference, compareWithServing } from "../../manifest/compare.ts";
import { listDropped } from "../../manifest/dropped.ts";
import type { Service } from "../../manifest/knative.ts";
import { type SecretPins, toParameters } from "../../manifest/parameters.ts";
import {
  renderManifest,
  withRevision,
} from "../../manifest/render-manifest.ts";
import { withServiceFields } from "../../manifest/service-fields.ts";
import { type Plan, type Step, gcloudStep } from "../../plan/step.ts";
import { revisionName } from "../attempt.ts";
import {
  candidateTraffic,
  planAtOnce,
  planCandidate,
  replaceStep,
  verifyStep,
} from "../candidate.ts";
import type { ServiceEffects } from "../effects.ts";
import { isOurService } from "../ownership.ts";
import { withPredecessor } from "../predecessor.ts";
import { findServing, isOfAttempt, isProtected } from "../serving.ts";
import type { State } from "../state/state.ts";
import type { DeployInput } from "./input.ts";

export interface ServicePlan {
  plan: Plan<ServiceEffects>;
  /** The revision that serves in the end. */
  revision: string;
  /** In which fields the serving revision is not what it should be; undefined: nothing serves. */
  differences: Difference[] | undefined;
  /** What somebody added to the revision that serves, and the new one will not have. */
  dropped: string[];
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
  const { service } = state;
  const desired = withServiceFields(
    renderManifest(input.manifest, {
      mode: settings.mode,
      parameters: toParameters(settings, pins),
    }),
    service,
  );
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
      dropped: [],
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
      dropped: [],
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
    dropped:
      serving.revision === undefined || isOfAttempt(settings, serving.revision)
        ? []
        : listDropped(
            desired,
            serving.revision,
            state.revisions.filter((r) => isOfAttempt(settings, r)),
          ),
  };
}

function planFirst(
  input: DeployInput,
  state: State,
  desired: Service,
): Plan<ServiceEffects> {
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
  const command = updateTraffic(input.settings, { removeTags: tags });
  return [gcloudStep(`Remove the tags of earlier candidates`, command)];
}
