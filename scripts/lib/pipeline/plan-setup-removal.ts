import {
  DELIVERY_ACCOUNTS,
  type DeliveryAccount,
  accountEmail,
} from "./accounts.ts";
import { type Holder, secretsOf } from "./grants.ts";
import type { DeliveryPlace } from "./place.ts";
import * as commands from "../google/commands/setup.ts";
import { TRIGGERS, isOurTrigger } from "./triggers.ts";
import { idOf } from "./pipeline-state.ts";
import { LABEL, isOurAccount } from "../service/ownership.ts";
import type { CleanPlan } from "../service/clean/plan-clean.ts";
import { takeStep } from "./plan-grants.ts";
import { isOurResource } from "./plan-pipeline.ts";
import { planUntouched } from "./plan-untouched.ts";
import { type SetupState, bindingsOf } from "./setup-state.ts";
import { type Lane, type Step, compact, gcloudStep } from "../plan/step.ts";

/** Removes what setup made: the pipeline first, its accounts last. What an env was deployed with stays. */
export function planSetupRemoval(
  place: DeliveryPlace,
  state: SetupState,
): CleanPlan {
  const kept: string[] = [];
  const untouched = planUntouched(state, kept);
  return {
    plan: compact([
      [...planTriggers(place, state, kept), planPipeline(place, state, kept)],
      planTargets(place, state, kept),
      planGrants(place, state),
      [
        ...planRepository(place, state, kept),
        ...planBucket(place, state, kept),
        ...untouched,
      ],
      planAccounts(place, state, kept),
    ]),
    kept,
  };
}

function planTriggers(
  place: DeliveryPlace,
  { delivery }: SetupState,
  kept: string[],
): Step[] {
  return delivery.triggers.flatMap((trigger) => {
    if (isOurTrigger(trigger)) {
      const command = commands.deleteTrigger(place, trigger.name);
      return [gcloudStep(`Delete trigger ${trigger.name}`, command)];
    }
    if (TRIGGERS.some((spec) => spec.name === trigger.name)) {
      kept.push(`trigger ${trigger.name}: not made by this project`);
    }
    return [];
  });
}

function planPipeline(
  place: DeliveryPlace,
  { delivery: { pipeline } }: SetupState,
  kept: string[],
): Step[] {
  if (pipeline === undefined) return [];
  if (!isOurResource(pipeline)) {
    kept.push(`pipeline ${place.pipeline}: not made by this project`);
    return [];
  }
  return [
    gcloudStep(
      `Delete pipeline ${place.pipeline}, with its releases`,
      commands.deletePipeline(place),
    ),
  ];
}

function planTargets(
  place: DeliveryPlace,
  { delivery, envs }: SetupState,
  kept: string[],
): Step[] {
  return delivery.targets.flatMap((target) => {
    const id = idOf(target);
    if (isOurResource(target)) {
      const command = commands.deleteTarget(place, id);
      return [gcloudStep(`Delete target ${id}`, command)];
    }
    if (envs.some((e) => e.settings.env === id)) {
      kept.push(`target ${id}: not made by this project`);
    }
    return [];
  });
}

/** Every role of our accounts on what stays. What a deleted account held is left as `deleted:…`. */
function planGrants(place: DeliveryPlace, state: SetupState): Lane[] {
  return listHolders(place, state).map((on): Step[] =>
    bindingsOf(state, on)
      .filter((binding) => binding.condition === undefined)
      .flatMap(({ role, members }) =>
        members
          .filter((member) => isOurMember(place, state, member))
          .map((member) => takeStep(place, { on, role, member })),
      ),
  );
}

function listHolders(place: DeliveryPlace, { envs }: SetupState): Holder[] {
  const holders: Holder[] = [
    { kind: "project", projectId: place.projectId },
    ...envs.flatMap(({ settings }): Holder[] => {
      const { projectId, serviceAccount } = settings;
      return [
        { kind: "project", projectId },
        { kind: "account", projectId, email: serviceAccount },
        ...secretsOf(settings).map((name): Holder => {
          return { kind: "secret", projectId, name };
        }),
      ];
    }),
  ];
  const seen = new Map(holders.map((on) => [JSON.stringify(on), on]));
  return [...seen.values()];
}

function isOurMember(
  { projectId }: DeliveryPlace,
  { delivery }: SetupState,
  member: string,
): boolean {
  return accountNames().some((name) => {
    const email = accountEmail(projectId, name);
    if (member.startsWith(`deleted:serviceAccount:${email}?`)) return true;
    const account = delivery.accounts[name];
    return (
      member === `serviceAccount:${email}` &&
      account !== undefined &&
      isOurAccount(account)
    );
  });
}

function planRepository(
  place: DeliveryPlace,
  { delivery: { repository } }: SetupState,
  kept: string[],
): Step[] {
  if (repository === undefined) return [];
  if (repository.labels[LABEL] === undefined) {
    kept.push(`repository ${place.repository}: not made by this project`);
    return [];
  }
  return [
    gcloudStep(
      `Delete repository ${place.images}, with its images`,
      commands.deleteRepository(place),
    ),
  ];
}

/** Its name is a mark too: a setup that was stopped may have left it without the label. */
function planBucket(
  place: DeliveryPlace,
  { delivery: { bucket, project } }: SetupState,
  kept: string[],
): Step[] {
  if (bucket === undefined) return [];
  const labels = Object.keys(bucket.labels);
  const ours = labels.length === 0 || labels.includes(LABEL);
  if (!ours || bucket.projectNumber !== project.projectNumber) {
    kept.push(`bucket ${place.bucket}: not made by this project`);
    return [];
  }
  return [
    gcloudStep(
      `Delete bucket ${place.bucket}, with what is in it`,
      commands.deleteBucket(place),
    ),
  ];
}

function planAccounts(
  place: DeliveryPlace,
  { delivery }: SetupState,
  kept: string[],
): Step[] {
  return accountNames().flatMap((name) => {
    const account = delivery.accounts[name];
    if (account === undefined) return [];
    if (!isOurAccount(account)) {
      kept.push(`service account ${account.email}: not made by this project`);
      return [];
    }
    const command = commands.deleteAccount(place, name);
    return [gcloudStep(`Delete service account ${account.email}`, command)];
  });
}

function accountNames(): DeliveryAccount[] {
  return Object.keys(DELIVERY_ACCOUNTS) as DeliveryAccount[];
}
