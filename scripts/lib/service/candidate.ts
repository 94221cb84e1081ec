import { updateTraffic } from "../google/commands/run.ts";
import type { Service, TrafficTarget } from "../manifest/knative.ts";
import type { Plan } from "../plan/step.ts";
import {
  type Candidate,
  type WholeService,
  awaitStep,
  proveStep,
  takeTraffic,
  verifyCandidate,
} from "./candidate-steps.ts";
import type { ServiceEffects } from "./effects.ts";
import { onGeneration, whileAsPlanned } from "./foreign-change.ts";
import type { Serving } from "./serving.ts";

/**
 * The gate: the candidate gets a tag and no traffic, then it is verified at the
 * tag's URL, then it gets all traffic, and the service its own fields (`whole`,
 * where one of them differs), in one write that takes the tag too. Where a step
 * fails, the tag goes, and traffic and service stay as they were.
 */
export function planCandidate(
  candidate: Candidate,
  serving: Serving,
  whole: WholeService | undefined,
): Plan<ServiceEffects> {
  const { settings, revision, tag, bringUp, service, undo } = candidate;
  const removeTag = updateTraffic(settings, { removeTags: [tag] });
  const onFailure = [removeTag, ...undo];
  const planned = { serving, service };
  return [
    [
      bringUp === undefined
        ? { ...awaitStep(settings, revision), onFailure }
        : {
            ...onGeneration(bringUp, settings, generationOf(service)),
            onFailure,
            onRefusal: undo,
          },
    ],
    [{ ...verifyCandidate(candidate, serving), onFailure }],
    [
      {
        ...whileAsPlanned(takeTraffic(candidate, whole), settings, planned),
        onFailure: [removeTag],
      },
    ],
  ];
}

function generationOf(service: Service | undefined): number {
  return service?.metadata.generation ?? 0;
}

/** A candidate where nothing serves: there may be no service yet. */
type FirstRevision = Omit<Candidate, "undo" | "service"> & {
  service: Service | undefined;
};

/**
 * Where nothing serves that could be harmed: all traffic first, with the tag,
 * which goes once the revision was verified. While it is there the next run does
 * not take the revision for proven.
 */
export function planAtOnce({
  settings,
  revision,
  tag,
  bringUp,
  service,
}: FirstRevision): Plan<ServiceEffects> {
  const first =
    bringUp === undefined
      ? awaitStep(settings, revision)
      : onGeneration(bringUp, settings, generationOf(service));
  return [[first], [proveStep(settings, revision, tag)]];
}

/** What serves now goes on, and the candidate is reached by its tag alone. */
export function candidateTraffic(
  serving: Serving,
  revisionName: string,
  tag: string,
): TrafficTarget[] {
  return [
    ...serving.targets,
    ...serving.ownTags,
    { revisionName, percent: 0, tag },
  ];
}
