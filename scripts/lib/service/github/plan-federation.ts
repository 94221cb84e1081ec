import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../cli/errors.ts";
import { enableApis } from "../../google/commands/apis.ts";
import * as commands from "../../google/commands/identity-pools.ts";
import { addGrant } from "../../google/commands/policies.ts";
import { holds } from "../../google/policy.ts";
import { takeStep } from "../../plan/grant-steps.ts";
import {
  type Lane,
  type Plan,
  type Step,
  compact,
  gcloudStep,
  removalStep,
  spreadingStep,
} from "../../plan/step.ts";
import {
  FEDERATION_APIS,
  ROLE,
  type Federation,
  type FederationState,
  type ProviderState,
  describeFederation,
  findProvider,
  isDeleted,
  isOurPool,
  membersOf,
  toGrant,
  toProvider,
} from "./federation.ts";
import type { GithubSource } from "./source.ts";

/** What lets a repository's workflow act as the account, which comes before it; nothing where it is so. */
export function planFederation(
  federation: Federation,
  source: GithubSource,
  state: FederationState,
): Plan {
  refuseForeignFederation(federation, state);
  return compact([
    planApis(federation, state),
    [
      [
        ...planPool(federation, state),
        ...planProvider(federation, source, state),
      ],
    ],
    planGrant(federation, source, state),
  ]);
}

/** Takes the pool away, and what its identities were let do. */
export function planFederationRemoval(
  federation: Federation,
  state: FederationState,
): { plan: Plan; kept: string[] } {
  const { projectId, pool: id, email } = federation;
  const { pool } = state;
  if (pool === undefined || isDeleted(pool)) return { plan: [], kept: [] };
  if (!isOurPool(pool)) {
    const kept = `workload identity pool ${id}: not made by this project`;
    return { plan: [], kept: [kept] };
  }
  const remove = removalStep(
    `Delete workload identity pool ${id}, with its provider`,
    commands.deletePool({ projectId }, id),
  );
  const takeAway = listMembers(federation, state).map((member) =>
    takeStep({ on: { kind: "account", projectId, email }, role: ROLE, member }),
  );
  return { plan: compact([[remove], [takeAway]]), kept: [] };
}

function planApis(
  { projectId }: Federation,
  { enabledApis }: FederationState,
): Step[] {
  const missing = FEDERATION_APIS.filter((api) => !enabledApis.has(api));
  if (missing.length === 0) return [];
  return [
    spreadingStep(
      `Enable ${missing.join(", ")} in ${projectId}`,
      enableApis({ projectId }, missing),
    ),
  ];
}

function planPool(federation: Federation, { pool }: FederationState): Step[] {
  const { projectId, pool: id } = federation;
  const what = `workload identity pool ${id}`;
  if (pool === undefined) {
    const description = describeFederation(federation);
    const command = commands.createPool({ projectId }, id, description);
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
  id: Federation,
  source: GithubSource,
  { providers }: FederationState,
): Step[] {
  const wanted = toProvider(source);
  const found = findProvider(id, providers);
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
  federation: Federation,
  source: GithubSource,
  state: FederationState,
): Lane[] {
  const grant = toGrant(federation, state.projectNumber, source);
  const stale = listMembers(federation, state)
    .filter((member) => member !== grant.member)
    .map((member) => takeStep({ ...grant, member }));
  if (holds(state.bindings, grant.role, grant.member)) return [stale];
  const step = spreadingStep(
    `Let ${source.owner}/${source.name} act as ${federation.email}`,
    addGrant(grant),
  );
  return [[...stale, step]];
}

function listMembers(
  federation: Federation,
  { projectNumber, bindings }: FederationState,
): string[] {
  const ours = membersOf(federation, projectNumber);
  return bindings
    .filter(({ role, condition }) => role === ROLE && condition === undefined)
    .flatMap(({ members }) => members)
    .filter((member) => member.startsWith(ours));
}

/** Stops before any change: a second provider of the pool could name our repository as its own. */
function refuseForeignFederation(
  id: Federation,
  { pool, providers }: FederationState,
): void {
  const others = providers
    .filter((one) => !isDeleted(one) && one !== findProvider(id, providers))
    .map(({ name }) => `provider ${name}`);
  const foreign = [
    ...(pool !== undefined && !isOurPool(pool)
      ? [`workload identity pool ${id.pool}`]
      : []),
    ...others,
  ];
  if (foreign.length === 0) return;
  throw new UserError(
    [
      `${id.projectId} already has, not made by this project:`,
      ...foreign.map((what) => `  ${what}`),
      "Nothing was changed.",
    ].join("\n"),
    { hint: "Look who uses it; rename or remove it, then set up again." },
  );
}
