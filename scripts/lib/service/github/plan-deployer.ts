import { UserError } from "../../cli/errors.ts";
import { scriptCommand } from "../../cli/script-command.ts";
import {
  createAccount,
  deleteAccount,
} from "../../google/commands/accounts.ts";
import { type Binding, type Grant, holds } from "../../google/policy.ts";
import { grantStep, takeStep } from "../../plan/grant-steps.ts";
import {
  type Lane,
  type Plan,
  type Step,
  compact,
  gcloudStep,
  removalStep,
} from "../../plan/step.ts";
import type { Settings } from "../../settings/settings.ts";
import { secretsOf } from "../deploying-roles.ts";
import { whomItLets } from "../guard.ts";
import { isOurAccount } from "../ownership.ts";
import { type AccountState, type State, listSecrets } from "../state/state.ts";
import { deployerOf, listDeployerGrants } from "./deployer.ts";
import { type FederationState, describeFederation } from "./federation.ts";
import { planFederation, planFederationRemoval } from "./plan-federation.ts";
import type { GithubSource } from "./source.ts";

/** What an env has, and what GitHub deploys it as. */
export interface DeployerState {
  /** The env's own. */
  state: State;
  /** Who may act as the account that the service runs as. */
  runtimeBindings: readonly Binding[];
  account: AccountState | undefined;
  federation: FederationState;
}

/** An account that may deploy the env and nothing else, and what lets the repository's workflow act as it. */
export function planDeployer(
  settings: Settings,
  source: GithubSource,
  found: DeployerState,
): Plan {
  requirePrepared(settings, found.state);
  requireOurs(found.account);
  const { wanted, unwanted } = grantsOf(settings, found);
  return compact([
    [planAccount(settings, found.account)],
    toLanes([
      ...wanted
        .filter((grant) => !isHeld(grant, found))
        .map((grant) => [grant, grantStep(grant)] as const),
      ...unwanted
        .filter((grant) => isHeld(grant, found))
        .map((grant) => [grant, takeStep(grant)] as const),
    ]),
    ...planFederation(deployerOf(settings), source, found.federation),
  ]);
}

/** Takes all of it away: who may come in first, the account last. */
export function planDeployerRemoval(
  settings: Settings,
  found: DeployerState,
): { plan: Plan; kept: string[] } {
  const { email, projectId } = deployerOf(settings);
  const { account } = found;
  const federation = planFederationRemoval(
    deployerOf(settings),
    found.federation,
  );
  if (account !== undefined && !isOurAccount(account)) {
    const kept = `service account ${email}: not made by this project`;
    return { ...federation, kept: [...federation.kept, kept] };
  }
  const { wanted, unwanted } = grantsOf(settings, found);
  const held = [...wanted, ...unwanted].filter((g) => isHeld(g, found));
  const remove = removalStep(
    `Delete service account ${email}`,
    deleteAccount({ projectId }, email),
  );
  return {
    plan: compact([
      ...federation.plan,
      toLanes(held.map((grant) => [grant, takeStep(grant)] as const)),
      account === undefined ? [] : [remove],
    ]),
    kept: federation.kept,
  };
}

function planAccount(
  settings: Settings,
  account: AccountState | undefined,
): Step[] {
  if (account !== undefined) return [];
  const deployer = deployerOf(settings);
  const command = createAccount(settings, {
    name: deployer.pool,
    displayName: `LiteLLM from GitHub: ${settings.env}`,
    description: describeFederation(deployer),
  });
  return [gcloudStep(`Create service account ${deployer.email}`, command)];
}

/** A lane a policy: gcloud reads and writes a whole one. */
function toLanes(steps: readonly (readonly [Grant, Step])[]): Lane[] {
  const lanes = new Map<string, Step[]>();
  for (const [{ on }, step] of steps) {
    const key = JSON.stringify(on);
    lanes.set(key, [...(lanes.get(key) ?? []), step]);
  }
  return [...lanes.values()];
}

function grantsOf(settings: Settings, { state }: DeployerState) {
  return listDeployerGrants(settings, whomItLets(state.service));
}

function isHeld(
  { on, role, member }: Grant,
  { state, runtimeBindings }: DeployerState,
): boolean {
  const bindings =
    on.kind === "project"
      ? state.projectBindings
      : on.kind === "account"
        ? runtimeBindings
        : (listSecrets(state).find(
            (secret) => on.kind === "secret" && secret.name === on.name,
          )?.bindings ?? []);
  return holds(bindings, role, member);
}

/** A deploy makes what the roles are given on, and stores the keys, which GitHub never sees. */
function requirePrepared(settings: Settings, state: State): void {
  const { env, serviceAccount, service, ownSecrets } = settings;
  const found = listSecrets(state);
  const missing = [
    ...(state.service === undefined ? [`service ${service}`] : []),
    ...(state.serviceAccount === undefined
      ? [`service account ${serviceAccount}`]
      : []),
    ...[...secretsOf(settings), ...ownSecrets]
      .filter((name) => !found.some((secret) => secret.name === name))
      .map((name) => `secret ${name}`),
  ];
  if (missing.length === 0) return;
  throw new UserError(
    [
      `GitHub's account may deploy ${env} and prepare nothing, and there is not yet:`,
      ...missing.map((what) => `  ${what}`),
      "Nothing was changed.",
    ].join("\n"),
    {
      hint: `Deploy it once yourself, which stores the keys, too: ${scriptCommand("deploy", env)}`,
    },
  );
}

function requireOurs(account: AccountState | undefined): void {
  if (account === undefined || isOurAccount(account)) return;
  throw new UserError(
    `service account ${account.email} is there, and not made by this project. Nothing was changed.`,
    { hint: "Look who uses it; remove it, then set up again." },
  );
}
