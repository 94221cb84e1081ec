import {
  PIPELINE_ACCOUNTS,
  type PipelineAccount,
  accountEmail,
} from "./accounts.ts";
import { type Grant, type Holder, holds } from "../google/policy.ts";
import { grantStep, takeStep } from "../plan/grant-steps.ts";
import { ACT_AS } from "../service/deploying-roles.ts";
import { listGrants } from "./grants.ts";
import { whomItLets } from "../service/guard.ts";
import type { PipelinePlace } from "./place.ts";
import { type SetupState, bindingsOf } from "./setup-state.ts";
import type { Lane, Step } from "../plan/step.ts";

/** Roles that follow ACCESS, or that earlier versions gave: one that is no longer needed is taken away. */
const CHANGING_ROLES = [
  "roles/run.admin",
  "roles/run.developer",
  "roles/run.invoker",
  "roles/clouddeploy.operator",
  "roles/clouddeploy.viewer",
  "roles/cloudbuild.builds.editor",
];

/** A lane a policy: gcloud reads and writes a whole one. */
export function planGrants(place: PipelinePlace, state: SetupState): Lane[] {
  const wanted = listGrants(
    place,
    state.envs.map(({ settings, project }) => ({
      settings,
      projectNumber: project.project.projectNumber,
      lets: whomItLets(project.service),
    })),
  );
  const missing = wanted.filter(
    ({ on, role, member }) => !holds(bindingsOf(state, on), role, member),
  );
  const lanes = new Map<string, Step[]>();
  const add = ({ on }: Grant, step: Step): void => {
    const key = JSON.stringify(on);
    lanes.set(key, [...(lanes.get(key) ?? []), step]);
  };
  for (const grant of missing) add(grant, grantStep(grant));
  for (const grant of listStale(place, state, wanted)) {
    add(grant, takeStep(grant));
  }
  return [...lanes.values()];
}

function listStale(
  place: PipelinePlace,
  state: SetupState,
  wanted: readonly Grant[],
): Grant[] {
  const accounts: PipelineAccount[] = ["deployer", "execution", "verify"];
  const members = accounts.map(
    (name) => `serviceAccount:${accountEmail(place.projectId, name)}`,
  );
  const projects = new Set(state.envs.map((e) => e.settings.projectId));
  const places: [Holder, string[]][] = [
    ...[...projects].map((projectId): [Holder, string[]] => [
      { kind: "project", projectId },
      CHANGING_ROLES,
    ]),
    ...listAccounts(place, state).map((on): [Holder, string[]] => [
      on,
      [ACT_AS],
    ]),
  ];
  return places.flatMap(([on, roles]) =>
    roles.flatMap((role) =>
      members
        .filter((member) => holds(bindingsOf(state, on), role, member))
        .map((member): Grant => ({ on, role, member }))
        .filter((grant) => !wanted.some((w) => isSame(w, grant))),
    ),
  );
}

/** The accounts that the pipeline's own may act as. */
function listAccounts(place: PipelinePlace, state: SetupState): Holder[] {
  const { projectId } = place;
  const own = (Object.keys(PIPELINE_ACCOUNTS) as PipelineAccount[]).map(
    (name): Holder => ({
      kind: "account",
      projectId,
      email: accountEmail(projectId, name),
    }),
  );
  const runtime = state.envs.map(({ settings }): Holder => ({
    kind: "account",
    projectId: settings.projectId,
    email: settings.serviceAccount,
  }));
  return uniqueHolders([...own, ...runtime]);
}

function uniqueHolders(holders: readonly Holder[]): Holder[] {
  const seen = new Map(holders.map((one) => [JSON.stringify(one), one]));
  return [...seen.values()];
}

function isSame(a: Grant, b: Grant): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
