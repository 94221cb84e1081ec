import {
  PIPELINE_ACCOUNTS,
  type PipelineAccount,
  accountEmail,
} from "./accounts.ts";
import { secretsOf } from "../service/deploying-roles.ts";
import type { PipelinePlace } from "./place.ts";
import { deleteAccount } from "../google/commands/accounts.ts";
import { deleteRepository } from "../google/commands/artifacts.ts";
import { deleteTrigger } from "../google/commands/builds.ts";
import { deletePipeline, deleteTarget } from "../google/commands/deploy.ts";
import { deleteBucket } from "../google/commands/storage.ts";
import type { Holder } from "../google/policy.ts";
import { TRIGGERS, isOurTrigger } from "./triggers.ts";
import { idOf } from "./pipeline-state.ts";
import { LABEL, isOurAccount } from "../service/ownership.ts";
import type { CleanPlan } from "../service/clean/plan-clean.ts";
import { takeStep } from "../plan/grant-steps.ts";
import { isOurResource } from "./plan-pipeline.ts";
import { planUntouched } from "./plan-untouched.ts";
import { type SetupState, bindingsOf } from "./setup-state.ts";
import { type Lane, type Step, compact, removalStep } from "../plan/step.ts";

/** Removes what setup made: the pipeline first, its accounts last. What an env was deployed with stays. */
export function planSetupRemoval(
  place: PipelinePlace,
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
  place: PipelinePlace,
  { pipeline }: SetupState,
  kept: string[],
): Step[] {
  return pipeline.triggers.flatMap((trigger) => {
    if (isOurTrigger(trigger)) {
      const command = deleteTrigger(place, trigger.name);
      return [removalStep(`Delete trigger ${trigger.name}`, command)];
    }
    if (TRIGGERS.some((spec) => spec.name === trigger.name)) {
      kept.push(`trigger ${trigger.name}: not made by this project`);
    }
    return [];
  });
}

function planPipeline(
  place: PipelinePlace,
  { pipeline: { pipeline } }: SetupState,
  kept: string[],
): Step[] {
  if (pipeline === undefined) return [];
  if (!isOurResource(pipeline)) {
    kept.push(`pipeline ${place.pipeline}: not made by this project`);
    return [];
  }
  return [
    removalStep(
      `Delete pipeline ${place.pipeline}, with its releases`,
      deletePipeline(place),
    ),
  ];
}

function planTargets(
  place: PipelinePlace,
  { pipeline, envs }: SetupState,
  kept: string[],
): Step[] {
  return pipeline.targets.flatMap((target) => {
    const id = idOf(target);
    if (isOurResource(target)) {
      const command = deleteTarget(place, id);
      return [removalStep(`Delete target ${id}`, command)];
    }
    if (envs.some((e) => e.settings.env === id)) {
      kept.push(`target ${id}: not made by this project`);
    }
    return [];
  });
}

/** Every role of our accounts on what stays. What a deleted account held is left as `deleted:…`. */
function planGrants(place: PipelinePlace, state: SetupState): Lane[] {
  return listHolders(place, state).map((on): Step[] =>
    bindingsOf(state, on)
      .filter((binding) => binding.condition === undefined)
      .flatMap(({ role, members }) =>
        members
          .filter((member) => isOurMember(place, state, member))
          .map((member) => takeStep({ on, role, member })),
      ),
  );
}

function listHolders(place: PipelinePlace, { envs }: SetupState): Holder[] {
  const holders: Holder[] = [
    { kind: "project", projectId: place.projectId },
    ...envs.flatMap(({ settings }): Holder[] => {
      const { projectId, serviceAccount } = settings;
      return [
        { kind: "project", projectId },
        { kind: "account", projectId, email: serviceAccount },
        ...[...secretsOf(settings), ...settings.ownSecrets].map(
          (name): Holder => {
            return { kind: "secret", projectId, name };
          },
        ),
      ];
    }),
  ];
  const seen = new Map(holders.map((on) => [JSON.stringify(on), on]));
  return [...seen.values()];
}

function isOurMember(
  { projectId }: PipelinePlace,
  { pipeline }: SetupState,
  member: string,
): boolean {
  return accountNames().some((name) => {
    const email = accountEmail(projectId, name);
    if (member.startsWith(`deleted:serviceAccount:${email}?`)) return true;
    const account = pipeline.accounts[name];
    return (
      member === `serviceAccount:${email}` &&
      account !== undefined &&
      isOurAccount(account)
    );
  });
}

function planRepository(
  place: PipelinePlace,
  { pipeline: { repository } }: SetupState,
  kept: string[],
): Step[] {
  if (repository === undefined) return [];
  if (repository.labels[LABEL] === undefined) {
    kept.push(`repository ${place.repository}: not made by this project`);
    return [];
  }
  return [
    removalStep(
      `Delete repository ${place.images}, with its images`,
      deleteRepository(place),
    ),
  ];
}

/** Its name is a mark too: a setup that was stopped may have left it without the label. */
function planBucket(
  place: PipelinePlace,
  { pipeline: { bucket, project } }: SetupState,
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
    removalStep(
      `Delete bucket ${place.bucket}, with what is in it`,
      deleteBucket(place),
    ),
  ];
}

function planAccounts(
  place: PipelinePlace,
  { pipeline }: SetupState,
  kept: string[],
): Step[] {
  return accountNames().flatMap((name) => {
    const account = pipeline.accounts[name];
    if (account === undefined) return [];
    if (!isOurAccount(account)) {
      kept.push(`service account ${account.email}: not made by this project`);
      return [];
    }
    const command = deleteAccount(place, account.email);
    return [removalStep(`Delete service account ${account.email}`, command)];
  });
}

function accountNames(): PipelineAccount[] {
  return Object.keys(PIPELINE_ACCOUNTS) as PipelineAccount[];
}
