import * as commands from "../commands.ts";
import { formatCommand } from "../gcloud.ts";
import { type Difference, compareWithServing } from "../manifest/compare.ts";
import {
  type SecretPins,
  renderManifest,
  toParams,
  withRevision,
} from "../manifest/render-manifest.ts";
import { isOurService } from "../state/ownership.ts";
import type { Service } from "../state/knative.ts";
import type { State } from "../state/state.ts";
import { checkGeneration } from "./check-generation.ts";
import type { DeployInput } from "./deploy-input.ts";
import {
  candidateTag,
  findServing,
  isProtected,
  revisionName,
} from "./serving.ts";
import { type Plan, type Step, gcloudStep } from "./step.ts";

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
  if (service === undefined) {
    return {
      plan: planFirst(input, state, withFullTraffic(desired, revision)),
      revision,
      differences: undefined,
    };
  }
  const serving = findServing(service, state.revisions);
  if (!isProtected(serving, state.revisions)) {
    return {
      plan: planFirst(input, state, withFullTraffic(desired, revision)),
      revision,
      differences: undefined,
    };
  }
  const differences =
    serving.revision === undefined
      ? [{ path: "traffic", actual: serving.targets, desired: "one revision" }]
      : compareWithServing(desired, service, serving.revision);
  if (differences.length === 0 && isOurService(service)) {
    return {
      plan: [planTagRemoval(input, serving.staleTags)],
      revision: serving.revision?.metadata.name ?? "",
      differences,
    };
  }
  const candidate = withRevision(desired, revision, [
    ...serving.targets,
    ...serving.ownTags,
    { revisionName: revision, percent: 0, tag: candidateTag(input.attempt) },
  ]);
  return {
    plan: planCandidate(input, state, candidate),
    revision,
    differences,
  };
}

function withFullTraffic(desired: Service, revision: string): Service {
  return withRevision(desired, revision, [
    { revisionName: revision, percent: 100 },
  ]);
}

function planFirst(input: DeployInput, state: State, manifest: Service): Plan {
  const revision = manifest.spec.template.metadata?.name ?? "";
  return [
    [replaceStep(input, state, manifest, `Deploy revision ${revision}`)],
    [verifyStep(input, revision, undefined)],
  ];
}

function planCandidate(
  input: DeployInput,
  state: State,
  manifest: Service,
): Plan {
  const { settings } = input;
  const revision = manifest.spec.template.metadata?.name ?? "";
  const tag = candidateTag(input.attempt);
  const onFailure = commands.updateTraffic(settings, { removeTags: [tag] });
  const title = `Bring up candidate ${revision} at 0 %`;
  return [
    [{ ...replaceStep(input, state, manifest, title), onFailure }],
    [{ ...verifyStep(input, revision, tag), onFailure }],
    [
      gcloudStep(
        `Give all traffic to ${revision}`,
        commands.updateTraffic(settings, { to: revision, removeTags: [tag] }),
      ),
    ],
  ];
}

function planTagRemoval(input: DeployInput, tags: string[]): Step[] {
  if (tags.length === 0) return [];
  const command = commands.updateTraffic(input.settings, { removeTags: tags });
  return [gcloudStep(`Remove the tags of earlier candidates`, command)];
}

function replaceStep(
  input: DeployInput,
  state: State,
  manifest: Service,
  title: string,
): Step {
  const command = commands.replaceService(input.settings, manifest);
  return {
    title,
    preview: formatCommand(command),
    run: async ({ gcloud }) => {
      const written = JSON.parse(await gcloud(command)) as Service;
      checkGeneration(input.settings, state, manifest, written);
    },
  };
}

function verifyStep(
  { settings }: DeployInput,
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
