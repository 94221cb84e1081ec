import {
  PIPELINE_ACCOUNTS,
  accountDescription,
  accountEmail,
  accountName,
} from "./accounts.ts";
import type { PipelineAccount } from "./accounts.ts";
import { PIPELINE_APIS } from "./apis.ts";
import { runAgent } from "./grants.ts";
import { secretsOf } from "../service/deploying-roles.ts";
import type { PipelineFile } from "./pipeline-file.ts";
import type { PipelinePlace } from "./place.ts";
import { renderPipeline } from "./render-pipeline.ts";
import { createAccount } from "../google/commands/accounts.ts";
import { createServiceAgent, enableApis } from "../google/commands/apis.ts";
import { holds } from "../google/policy.ts";
import { createRepository } from "../google/commands/artifacts.ts";
import { deleteTrigger } from "../google/commands/builds.ts";
import { createBucket, labelBucket } from "../google/commands/storage.ts";
import { createEmptySecret } from "../service/prepare/plan-keys.ts";
import { requireSecret } from "../service/prepare/plan-prepare.ts";
import type { PipelineEffects } from "./effects.ts";
import {
  type SourceRepository,
  TRIGGERS,
  createTrigger,
  isAsSpecified,
} from "./triggers.ts";
import { listSecrets } from "../service/state/state.ts";
import type { Settings } from "../settings/settings.ts";
import { LABEL, LABELS } from "../service/ownership.ts";
import {
  neededApis,
  planAccessor,
  planAccount,
  planProjectRole,
} from "../service/prepare/plan-access.ts";
import { planGrants } from "./plan-grants.ts";
import { planPipeline } from "./plan-pipeline.ts";
import { type SetupState, refuseForeignSetup } from "./setup-state.ts";
import {
  type Lane,
  type Plan,
  type Step,
  compact,
  gcloudStep,
  spreadingStep,
  withoutRepeats,
  removalStep,
} from "../plan/step.ts";

export interface SetupInput {
  place: PipelinePlace;
  file: PipelineFile;
  /** Undefined: no triggers are made. */
  source: SourceRepository | undefined;
}

/** Everything that a pipeline needs before its first release; nothing where it is there. */
export function planSetup(
  input: SetupInput,
  state: SetupState,
): Plan<PipelineEffects> {
  const { place, file, source } = input;
  refuseForeignSetup(place, state);
  const stages = state.envs.map(({ settings }) => settings);
  return compact([
    planApis(place, state),
    [
      ...planAccounts(place, state),
      ...planRepository(place, state),
      planBucket(place, state),
      ...planTargets(state),
      ...planAgents(place, state),
    ],
    planGrants(place, state),
    planPipeline(place, renderPipeline(file, stages), state.pipeline),
    source === undefined ? [] : planTriggers(place, source, state),
  ]);
}

/** One command a project. */
function planApis(place: PipelinePlace, state: SetupState): Step[] {
  const needed = new Map<string, Set<string>>();
  const need = (
    projectId: string,
    apis: readonly string[],
    enabled: ReadonlySet<string>,
  ): void => {
    const missing = needed.get(projectId) ?? new Set();
    for (const api of apis) if (!enabled.has(api)) missing.add(api);
    needed.set(projectId, missing);
  };
  need(place.projectId, PIPELINE_APIS, state.pipeline.enabledApis);
  for (const { settings, project } of state.envs) {
    const apis = neededApis(settings.mode);
    need(settings.projectId, apis, project.enabledApis);
  }
  return [...needed].flatMap(([projectId, missing]) => {
    if (missing.size === 0) return [];
    const apis = [...missing].sort();
    return [
      spreadingStep(
        `Enable ${apis.join(", ")} in ${projectId}`,
        enableApis({ projectId }, apis),
      ),
    ];
  });
}

function planAccounts(place: PipelinePlace, state: SetupState): Step[] {
  return (Object.keys(PIPELINE_ACCOUNTS) as PipelineAccount[])
    .filter((account) => state.pipeline.accounts[account] === undefined)
    .map((account) =>
      gcloudStep(
        `Create service account ${accountEmail(place.projectId, account)}: ${PIPELINE_ACCOUNTS[account]}`,
        createAccount(place, {
          name: accountName(account),
          displayName: `LiteLLM delivery: ${account}`,
          description: accountDescription(account),
        }),
      ),
    );
}

function planRepository(place: PipelinePlace, state: SetupState): Step[] {
  if (state.pipeline.repository !== undefined) return [];
  const command = createRepository(place, LABELS);
  return [gcloudStep(`Create repository ${place.images}`, command)];
}

function planBucket(place: PipelinePlace, state: SetupState): Step[] {
  const { bucket } = state.pipeline;
  return [
    ...(bucket === undefined
      ? [gcloudStep(`Create bucket ${place.bucket}`, createBucket(place))]
      : []),
    ...(bucket?.labels[LABEL] === undefined
      ? [
          gcloudStep(
            `Mark bucket ${place.bucket} as this project's`,
            labelBucket(place, LABELS),
          ),
        ]
      : []),
  ];
}

/** What the roles of the pipeline's accounts are given on: an env's account, and its secrets, still empty. */
function planTargets(state: SetupState): Lane[] {
  const lanes = state.envs.flatMap(({ settings, project }): Step[][] => [
    [...planAccount(settings, project), ...planProjectRole(settings, project)],
    ...secretsOf(settings)
      .filter((name) => !listSecrets(project).some((s) => s.name === name))
      .map((name) => [createEmpty(settings, name)]),
    ...settings.ownSecrets.map((name) =>
      planAccessor(
        settings,
        name,
        requireSecret(name, project.secrets.own[name]),
      ),
    ),
  ]);
  return withoutRepeats(lanes);
}

/** Cloud Run's agents of other projects, which are given roles before anything is deployed there. */
function planAgents(place: PipelinePlace, state: SetupState): Lane[] {
  const lanes = state.envs
    .filter(({ settings }) => settings.projectId !== place.projectId)
    .filter(
      ({ project }) =>
        !holds(
          project.projectBindings,
          "roles/run.serviceAgent",
          runAgent(project.project.projectNumber),
        ),
    )
    .map(({ settings: { projectId } }) => [
      spreadingStep(
        `Make Cloud Run's service agent of ${projectId}`,
        createServiceAgent({ projectId }, "run.googleapis.com"),
      ),
    ]);
  return withoutRepeats(lanes);
}

function createEmpty(settings: Settings, name: string): Step {
  const step = createEmptySecret(settings, name);
  return { ...step, title: `${step.title} in ${settings.projectId}` };
}

/** gcloud cannot change all of a trigger, so one that differs is made anew. */
function planTriggers(
  place: PipelinePlace,
  source: SourceRepository,
  state: SetupState,
): Lane[] {
  return TRIGGERS.map((spec) => {
    const found = state.pipeline.triggers.find((t) => t.name === spec.name);
    if (found !== undefined && isAsSpecified(found, place, spec, source)) {
      return [];
    }
    return [
      ...(found === undefined
        ? []
        : [
            removalStep(
              `Delete trigger ${spec.name}, which differs`,
              deleteTrigger(place, spec.name),
            ),
          ]),
      gcloudStep(
        `Create trigger ${spec.name}: ${spec.file}`,
        createTrigger(place, spec, source),
      ),
    ];
  });
}
