import { DELIVERY_ACCOUNTS, accountEmail } from "./accounts.ts";
import type { DeliveryAccount } from "./accounts.ts";
import { DELIVERY_APIS } from "./apis.ts";
import { createSecret } from "../google/commands/service.ts";
import { secretsOf } from "./grants.ts";
import type { PipelineFile } from "./pipeline-file.ts";
import type { DeliveryPlace } from "./place.ts";
import { renderPipeline } from "./render-pipeline.ts";
import * as commands from "../google/commands/setup.ts";
import {
  type SourceRepository,
  TRIGGERS,
  createTrigger,
  isAsSpecified,
} from "./triggers.ts";
import type { Settings } from "../settings/settings.ts";
import { LABEL } from "../service/ownership.ts";
import {
  neededApis,
  planAccount,
  planProjectRole,
} from "../service/prepare/plan-access.ts";
import { planGrants } from "./plan-grants.ts";
import { planPipeline } from "./plan-pipeline.ts";
import { pinsOf } from "./setup-pins.ts";
import { type SetupState, refuseForeignSetup } from "./setup-state.ts";
import {
  type Lane,
  type Plan,
  type Step,
  compact,
  gcloudStep,
  withoutRepeats,
} from "../plan/step.ts";

export interface SetupInput {
  place: DeliveryPlace;
  file: PipelineFile;
  /** Undefined: no triggers are made. */
  source: SourceRepository | undefined;
}

/** Everything that a pipeline needs before its first release; nothing where it is there. */
export function planSetup(input: SetupInput, state: SetupState): Plan {
  const { place, file, source } = input;
  refuseForeignSetup(place, state);
  const stages = state.envs.map(({ settings }) => ({
    settings,
    pins: pinsOf(settings, state.delivery),
  }));
  return compact([
    planApis(place, state),
    [
      ...planAccounts(place, state),
      ...planRepository(place, state),
      planBucket(place, state),
      ...planTargets(state),
    ],
    planGrants(place, state),
    planPipeline(place, renderPipeline(file, stages), state.delivery),
    source === undefined ? [] : planTriggers(place, source, state),
  ]);
}

/** One command a project. */
function planApis(place: DeliveryPlace, state: SetupState): Step[] {
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
  need(place.projectId, DELIVERY_APIS, state.delivery.enabledApis);
  for (const { settings, project } of state.envs) {
    const apis = neededApis(settings.mode);
    need(settings.projectId, apis, project.enabledApis);
  }
  return [...needed].flatMap(([projectId, missing]) => {
    if (missing.size === 0) return [];
    const apis = [...missing].sort();
    return [
      gcloudStep(
        `Enable ${apis.join(", ")} in ${projectId}`,
        commands.enableApis(projectId, apis),
      ),
    ];
  });
}

function planAccounts(place: DeliveryPlace, state: SetupState): Step[] {
  return (Object.keys(DELIVERY_ACCOUNTS) as DeliveryAccount[])
    .filter((account) => state.delivery.accounts[account] === undefined)
    .map((account) =>
      gcloudStep(
        `Create service account ${accountEmail(place.projectId, account)}: ${DELIVERY_ACCOUNTS[account]}`,
        commands.createAccount(place, account),
      ),
    );
}

function planRepository(place: DeliveryPlace, state: SetupState): Step[] {
  if (state.delivery.repository !== undefined) return [];
  const command = commands.createRepository(place);
  return [gcloudStep(`Create repository ${place.images}`, command)];
}

function planBucket(place: DeliveryPlace, state: SetupState): Step[] {
  const { bucket } = state.delivery;
  return [
    ...(bucket === undefined
      ? [
          gcloudStep(
            `Create bucket ${place.bucket}`,
            commands.createBucket(place),
          ),
        ]
      : []),
    ...(bucket?.labels[LABEL] === undefined
      ? [
          gcloudStep(
            `Mark bucket ${place.bucket} as this project's`,
            commands.labelBucket(place),
          ),
        ]
      : []),
  ];
}

/** What the roles of the pipeline's accounts are given on: an env's account, and its secrets, still empty. */
function planTargets(state: SetupState): Lane[] {
  const lanes = state.envs.flatMap(({ settings, project }): Step[][] => [
    [...planAccount(settings, project), ...planProjectRole(settings, project)],
    ...secretsOf(settings).map((name) =>
      hasSecret(project.secrets, name) ? [] : [createEmpty(settings, name)],
    ),
  ]);
  return withoutRepeats(lanes);
}

function hasSecret(
  secrets: SetupState["envs"][number]["project"]["secrets"],
  name: string,
): boolean {
  return Object.values(secrets).some((secret) => secret?.name === name);
}

function createEmpty(settings: Settings, name: string): Step {
  return gcloudStep(
    `Create secret ${name} in ${settings.projectId}`,
    createSecret(settings, name),
  );
}

/** gcloud cannot change all of a trigger, so one that differs is made anew. */
function planTriggers(
  place: DeliveryPlace,
  source: SourceRepository,
  state: SetupState,
): Lane[] {
  return TRIGGERS.map((spec) => {
    const found = state.delivery.triggers.find((t) => t.name === spec.name);
    if (found !== undefined && isAsSpecified(found, place, spec, source)) {
      return [];
    }
    return [
      ...(found === undefined
        ? []
        : [
            gcloudStep(
              `Delete trigger ${spec.name}, which differs`,
              commands.deleteTrigger(place, spec.name),
            ),
          ]),
      gcloudStep(
        `Create trigger ${spec.name}: ${spec.file}`,
        createTrigger(place, spec, source),
      ),
    ];
  });
}
