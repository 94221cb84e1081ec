import * as commands from "../google/commands/service.ts";
import { formatCommand } from "../google/gcloud.ts";
import { formatManifest } from "../manifest/render-manifest.ts";
import type { Service, TrafficTarget } from "../manifest/knative.ts";
import type { State } from "./state/state.ts";
import { checkGeneration } from "./check-generation.ts";
import type { DeployInput } from "./prepare/input.ts";
import { type Serving, candidateTag } from "./serving.ts";
import { type Plan, type Step, gcloudStep } from "../plan/step.ts";

/** One try at giving a service another revision. */
export type Attempt = Pick<DeployInput, "settings" | "attempt">;

/**
 * The gate: `bringUp` gives the candidate a tag and no traffic, then it is
 * verified at the tag's URL (`meanwhile` runs beside that), then all traffic
 * goes to it by name. Where a step fails, the tag goes and the traffic stays.
 */
export function planCandidate(
  attempt: Attempt,
  revision: string,
  bringUp: Step,
  meanwhile: Step[] = [],
): Plan {
  const { settings } = attempt;
  const tag = candidateTag(attempt.attempt);
  const onFailure = commands.updateTraffic(settings, { removeTags: [tag] });
  const takeTraffic = commands.updateTraffic(settings, {
    to: revision,
    removeTags: [tag],
  });
  return [
    [{ ...bringUp, onFailure }],
    [verifyStep(attempt, revision, tag), ...meanwhile].map((step) => ({
      ...step,
      onFailure,
    })),
    [
      {
        ...gcloudStep(`Give all traffic to ${revision}`, takeTraffic),
        ...(bringUp.onGeneration !== undefined && {
          onGeneration: bringUp.onGeneration + 1,
        }),
        onFailure,
      },
    ],
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
  takeTraffic: Step,
): Plan {
  const tag = candidateTag(attempt.attempt);
  const onFailure = commands.updateTraffic(attempt.settings, {
    updateTags: { [tag]: revision },
  });
  const verify = verifyStep(attempt, revision, undefined);
  return [[takeTraffic], [{ ...verify, onFailure }]];
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
): Step {
  const command = commands.replaceService(settings, formatManifest(manifest));
  const revision = manifest.spec.template.metadata?.name ?? "";
  const did = `wrote revision ${revision} over that change`;
  return {
    title,
    preview: formatCommand(command),
    onGeneration: state.service?.metadata.generation ?? 0,
    run: async ({ gcloud }) => {
      const written = JSON.parse(await gcloud(command)) as Service;
      checkGeneration(settings, state, did, written);
    },
  };
}

export function verifyStep(
  { settings }: Pick<Attempt, "settings">,
  revision: string,
  tag: string | undefined,
): Step {
  const option = tag === undefined ? "" : ` --tag=${tag}`;
  return {
    title: `Verify ${revision}`,
    preview: `npx tsx scripts/verify.ts ${settings.env}${option}`,
    run: (tools) => tools.verify(revision, tag),
  };
}
