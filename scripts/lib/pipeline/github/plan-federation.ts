import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../cli/errors.ts";
import { enableApis } from "../../google/commands/apis.ts";
import * as commands from "../../google/commands/identity-pools.ts";
import { formatCommand } from "../../google/gcloud.ts";
import { type Binding, holds } from "../../google/policy.ts";
import { deleteTrigger } from "../../google/commands/builds.ts";
import { addGrant } from "../../google/commands/policies.ts";
import {
  type Lane,
  type Plan,
  type Step,
  compact,
  gcloudStep,
  removalStep,
  spreadingStep,
} from "../../plan/step.ts";
import { accountEmail } from "../accounts.ts";
import { takeStep } from "../plan-grants.ts";
import { type PipelineState, idOf } from "../pipeline-state.ts";
import type { PipelinePlace } from "../place.ts";
import { isOurTrigger } from "../triggers.ts";
import {
  FEDERATION_APIS,
  ROLE,
  type FederationState,
  POOL_DESCRIPTION,
  type ProviderState,
  isDeleted,
  isOurPool,
  membersOf,
  providerId,
  toGrant,
  toProvider,
} from "./federation.ts";
import type { GithubSource } from "./source.ts";

/** What lets a repository's workflow act as the account that builds main; nothing where it is so. Comes after the pipeline's own plan. */
export function planFederation(
  place: PipelinePlace,
  source: GithubSource,
  state: FederationState,
  pipeline: PipelineState,
): Plan {
  refuseForeignFederation(place, state, pipeline);
  return compact([
    planApis(place, state),
    [[...planPool(place, state), ...planProvider(place, source, state)]],
    planGrant(place, source, pipeline),
  ]);
}

/** Takes the pool away, and what its identities were let do. */
export function planFederationRemoval(
  place: PipelinePlace,
  { pool }: FederationState,
  pipeline: PipelineState,
): { plan: Plan; kept: string[] } {
  if (pool === undefined || isDeleted(pool)) return { plan: [], kept: [] };
  const { projectId, pool: id } = providerId(place);
  if (!isOurPool(pool)) {
    const kept = `workload identity pool ${id}: not made by this project`;
    return { plan: [], kept: [kept] };
  }
  const remove = removalStep(
    `Delete workload identity pool ${id}, with its provider`,
    commands.deletePool({ projectId }, id),
  );
  const email = accountEmail(projectId, "build");
  const takeAway = listMembers(place, pipeline).map((member) =>
    takeStep({ on: { kind: "account", projectId, email }, role: ROLE, member }),
  );
  return { plan: compact([[remove], [takeAway]]), kept: [] };
}

function planApis(place: PipelinePlace, { enabledApis }: FederationState) {
  const missing = FEDERATION_APIS.filter((api) => !enabledApis.has(api));
  if (missing.length === 0) return [];
  return [
    spreadingStep(
      `Enable ${missing.join(", ")} in ${place.projectId}`,
      enableApis(place, missing),
    ),
  ];
}

function planPool(place: PipelinePlace, { pool }: FederationState): Step[] {
  const { projectId, pool: id } = providerId(place);
  const what = `workload identity pool ${id}`;
  if (pool === undefined) {
    const command = commands.createPool({ projectId }, id, POOL_DESCRIPTION);
    return [spreadingStep(`Create ${what}`, command)];
  }
  const steps: Step[] = [];
  if (isDeleted(pool)) {
    const command = commands.undeletePool({ projectId }, id);
    steps.push(spreadingStep(`Bring back ${what}`, command));
  }
  if (pool.disabled === true) {
    const command = commands.enablePool({ projectId }, id);
    steps.push(gcloudStep(`Enable ${what}`, command));
  }
  return steps;
}

function planProvider(
  place: PipelinePlace,
  source: GithubSource,
  { providers }: FederationState,
): Step[] {
  const id = providerId(place);
  const wanted = toProvider(source);
  const found = providers.find((one) => idOf(one) === id.provider);
  const whom = `${source.owner}/${source.name}, branch ${source.branch}`;
  if (found === undefined) {
    const command = commands.createProvider(id, wanted);
    return [spreadingStep(`Create provider ${id.provider}: ${whom}`, command)];
  }
  const steps: Step[] = [];
  if (isDeleted(found)) {
    const command = commands.undeleteProvider(id);
    steps.push(spreadingStep(`Bring back provider ${id.provider}`, command));
  }
  if (!isAsWanted(found, wanted)) {
    const command = commands.updateProvider(id, wanted);
    steps.push(gcloudStep(`Set provider ${id.provider}: ${whom}`, command));
  }
  return steps;
}

function isAsWanted(
  found: ProviderState,
  wanted: commands.OidcProvider,
): boolean {
  const { attributeMapping, attributeCondition, oidc, disabled } = found;
  return (
    disabled !== true &&
    isDeepStrictEqual(attributeMapping, wanted.attributeMapping) &&
    attributeCondition === wanted.attributeCondition &&
    oidc?.issuerUri === wanted.issuerUri &&
    (oidc.allowedAudiences ?? []).length === 0
  );
}

/** One lane: gcloud reads and writes the whole policy. Another repository's grant goes. */
function planGrant(
  place: PipelinePlace,
  source: GithubSource,
  pipeline: PipelineState,
): Lane[] {
  const grant = toGrant(place, pipeline.project.projectNumber, source);
  const stale = listMembers(place, pipeline)
    .filter((member) => member !== grant.member)
    .map((member) => takeStep({ ...grant, member }));
  if (holds(bindingsOf(pipeline), grant.role, grant.member)) return [stale];
  const step = spreadingStep(
    `Let ${source.owner}/${source.name} act as ${accountEmail(place.projectId, "build")}`,
    addGrant(grant),
  );
  return [[...stale, step]];
}

function listMembers(place: PipelinePlace, pipeline: PipelineState): string[] {
  const ours = membersOf(place, pipeline.project.projectNumber);
  return bindingsOf(pipeline)
    .filter(({ condition }) => condition === undefined)
    .flatMap(({ members }) => members)
    .filter((member) => member.startsWith(ours));
}

function bindingsOf({ accounts }: PipelineState): Binding[] {
  return (accounts.build?.bindings ?? []).filter(({ role }) => role === ROLE);
}

/** Stops before any change: a second provider of the pool could name our repository as its own. */
function refuseForeignFederation(
  place: PipelinePlace,
  { pool, providers }: FederationState,
  { triggers }: PipelineState,
): void {
  const id = providerId(place);
  const others = providers
    .filter((one) => !isDeleted(one) && idOf(one) !== id.provider)
    .map((one) => `provider ${idOf(one)} of workload identity pool ${id.pool}`);
  const foreign = [
    ...(pool !== undefined && !isOurPool(pool)
      ? [`workload identity pool ${id.pool}`]
      : []),
    ...others,
  ];
  if (foreign.length > 0) {
    throw new UserError(
      [
        `${place.projectId} already has, not made by this project:`,
        ...foreign.map((what) => `  ${what}`),
        "Nothing was changed.",
      ].join("\n"),
      { hint: "Look who uses it; rename or remove it, then set up again." },
    );
  }
  const [trigger] = triggers.filter(isOurTrigger);
  if (trigger === undefined) return;
  throw new UserError(
    `Cloud Build's trigger ${trigger.name} releases or checks the same pushes already. Nothing was changed.`,
    {
      hint: `Choose one of them. Without Cloud Build's: ${triggers
        .filter(isOurTrigger)
        .map(({ name }) => formatCommand(deleteTrigger(place, name)))
        .join(" && ")}`,
    },
  );
}
