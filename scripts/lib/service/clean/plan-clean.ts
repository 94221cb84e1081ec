import { scriptCommand } from "../../cli/script-command.ts";
import { deleteAccount } from "../../google/commands/accounts.ts";
import { removeGrant } from "../../google/commands/policies.ts";
import { deleteService } from "../../google/commands/run.ts";
import { deleteSecret } from "../../google/commands/secrets.ts";
import { holds } from "../../google/policy.ts";
import { type Plan, type Step, compact, removalStep } from "../../plan/step.ts";
import type { Settings } from "../../settings/settings.ts";
import { hasDeployer } from "../github/deployer.ts";
import { isOurAccount, isOurSecret, isOurService } from "../ownership.ts";
import {
  VERTEX_ROLE,
  accessorGrant,
  memberOf,
  vertexGrant,
} from "../prepare/plan-access.ts";
import { callsVertexAs, readsSecret, runsAs } from "../sharing.ts";
import { type State, listSecrets } from "../state/state.ts";

export interface CleanPlan {
  plan: Plan;
  /** What stays, and why. */
  kept: string[];
}

/** Removes what is ours and what no other service uses; the service first, its account last. */
export function planClean(settings: Settings, state: State): CleanPlan {
  const kept: string[] = [];
  const service: Step[] = [];
  if (state.service !== undefined) {
    if (isOurService(state.service)) {
      const command = deleteService(settings);
      service.push(removalStep(`Delete service ${settings.service}`, command));
    } else {
      kept.push(`service ${settings.service}: not made by this project`);
    }
  }
  const users = [
    ...state.otherServices,
    ...(state.service !== undefined && service.length === 0
      ? [state.service]
      : []),
  ];
  const remaining = { ...state, otherServices: users };
  const secrets = planSecrets(settings, remaining, kept);
  if (hasDeployer(settings, state)) {
    kept.push(
      `what deploys ${settings.env} from GitHub: ${scriptCommand("setup", settings.env, "--ci=github", "--remove")} takes it away`,
    );
  }
  return {
    plan: compact([
      service,
      [...secrets, ...planRoles(settings, remaining, kept)],
      planAccountRemoval(settings, remaining, kept),
    ]),
    kept,
  };
}

function planSecrets(settings: Settings, state: State, kept: string[]): Step[] {
  return listSecrets(state).flatMap((secret) => {
    const grant = accessorGrant(settings, secret.name);
    const users = state.otherServices.filter((s) =>
      readsSecret(s, secret.name),
    );
    if (users.length === 0 && isOurSecret(secret)) {
      const command = deleteSecret(settings, secret.name);
      return [removalStep(`Delete secret ${secret.name}`, command)];
    }
    kept.push(
      isOurSecret(secret)
        ? `secret ${secret.name}: used by ${names(users)}`
        : `secret ${secret.name}: not made by this project`,
    );
    const stillReads = users.some((s) => runsAs(s, settings.serviceAccount));
    if (stillReads || !holds(secret.bindings, grant.role, grant.member)) {
      return [];
    }
    if (!isOurAccountState(state)) return [];
    return [
      removalStep(
        `Take secret ${secret.name} from ${grant.member}`,
        removeGrant(grant),
      ),
    ];
  });
}

/** Bindings of a deleted account stay behind as `deleted:serviceAccount:EMAIL?uid=…`. */
function planRoles(settings: Settings, state: State, kept: string[]): Step[] {
  const email = settings.serviceAccount;
  const users = state.otherServices.filter((s) => callsVertexAs(s, email));
  return state.projectBindings
    .filter((b) => b.role === VERTEX_ROLE && b.condition === undefined)
    .flatMap((b) => b.members)
    .flatMap((member) => {
      const deleted = member.startsWith(`deleted:serviceAccount:${email}?`);
      if (!deleted) {
        if (member !== memberOf(settings)) return [];
        if (!isOurAccountState(state)) return [];
        if (users.length > 0) {
          kept.push(`${VERTEX_ROLE} of ${email}: used by ${names(users)}`);
          return [];
        }
      }
      const command = removeGrant({ ...vertexGrant(settings), member });
      return [removalStep(`Take ${VERTEX_ROLE} from ${member}`, command)];
    });
}

function planAccountRemoval(
  settings: Settings,
  state: State,
  kept: string[],
): Step[] {
  const account = state.serviceAccount;
  if (account === undefined) return [];
  const users = state.otherServices.filter((s) => runsAs(s, account.email));
  if (!isOurAccount(account)) {
    kept.push(`service account ${account.email}: not made by this project`);
    return [];
  }
  if (users.length > 0) {
    kept.push(`service account ${account.email}: used by ${names(users)}`);
    return [];
  }
  const command = deleteAccount(settings, settings.serviceAccount);
  return [removalStep(`Delete service account ${account.email}`, command)];
}

function isOurAccountState(state: State): boolean {
  return (
    state.serviceAccount !== undefined && isOurAccount(state.serviceAccount)
  );
}

function names(services: State["otherServices"]): string {
  return services.map((s) => `service ${s.metadata.name}`).join(", ");
}
