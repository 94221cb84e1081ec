import { scriptCommand } from "../cli/script-command.ts";
import { replaceService, updateTraffic } from "../google/commands/run.ts";
import { formatCommand } from "../google/gcloud.ts";
import type { Service, TrafficTarget } from "../manifest/knative.ts";
import { formatManifest } from "../manifest/render-manifest.ts";
import { type Plan, type Step, gcloudStep } from "../plan/step.ts";
import { type Attempt, candidateTag } from "./attempt.ts";
import type { ServiceEffects } from "./effects.ts";
import { checkGeneration, onGeneration } from "./foreign-change.ts";
import type { Serving } from "./serving.ts";
import type { State } from "./state/state.ts";

/** What gives a revision its tag, or its traffic, and the service's generation before that (0: there was none). */
export interface BringUp {
  step: Step<ServiceEffects>;
  generation: number;
}

/**
 * The gate: `bringUp` gives the candidate a tag and no traffic, then it is
 * verified at the tag's URL (`meanwhile` runs beside that), then all traffic
 * goes to it by name. Where a step fails, the tag goes and the traffic stays.
 */
export function planCandidate(
  attempt: Attempt,
  revision: string,
  { step, generation }: BringUp,
  meanwhile: Step<ServiceEffects>[] = [],
): Plan<ServiceEffects> {
  const { settings } = attempt;
  const tag = candidateTag(attempt.attempt);
  const onFailure = updateTraffic(settings, { removeTags: [tag] });
  const takeTraffic = gcloudStep(
    `Give all traffic to ${revision}`,
    updateTraffic(settings, { to: revision, removeTags: [tag] }),
  );
  return [
    [{ ...onGeneration(step, generation), onFailure }],
    [verifyStep(attempt, revision, tag), ...meanwhile].map((beside) => ({
      ...beside,
      onFailure,
    })),
    [{ ...onGeneration(takeTraffic, generation + 1), onFailure }],
  ];
}

/**
 * Where nothing serves that could be harmed: all traffic first, verified after.
 * A revision that fails then gets a candidate's tag: the next run must not take
 * it for done.
 */
export function planAtOnce(
  attempt: Attempt,
  revision: string,
  { step, generation }: BringUp,
): Plan<ServiceEffects> {
  const tag = candidateTag(attempt.attempt);
  const onFailure = updateTraffic(attempt.settings, {
    updateTags: { [tag]: revision },
  });
  const verify = verifyStep(attempt, revision, undefined);
  return [[onGeneration(step, generation)], [{ ...verify, onFailure }]];
}

/** What serves now goes on, and the candidate is reached by its tag alone. */
export function candidateTraffic(
  { attempt }: Attempt,
  serving: Serving,
  revisionName: string,
): TrafficTarget[] {
  return [
    ...serving.targets,
    ...serving.ownTags,
    { revisionName, percent: 0, tag: candidateTag(attempt) },
  ];
}

/** Writes the manifest, and stops where somebody else wrote at the same time. */
export function replaceStep(
  { settings }: Attempt,
  state: State,
  manifest: Service,
  title: string,
): BringUp {
  const command = replaceService(settings, formatManifest(manifest));
  const revision = manifest.spec.template.metadata?.name ?? "";
  const did = `wrote revision ${revision} over that change`;
  return {
    generation: state.service?.metadata.generation ?? 0,
    step: {
      title,
      preview: formatCommand(command),
      run: async (effects) => {
        const written = JSON.parse(await effects.gcloud(command)) as Service;
        await checkGeneration(effects, { settings, state, did }, written);
      },
    },
  };
}

export function verifyStep(
  { settings }: Pick<Attempt, "settings">,
  revision: string,
  tag: string | undefined,
): Step<ServiceEffects> {
  const option = tag === undefined ? undefined : `--tag=${tag}`;
  return {
    title: `Verify ${revision}`,
    preview: scriptCommand("verify", settings.env, option),
    run: ({ verify }) => verify(revision, tag),
  };
}
