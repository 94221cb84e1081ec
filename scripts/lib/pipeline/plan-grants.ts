import { type DeliveryAccount, accountEmail } from "./accounts.ts";
import {
  type Grant,
  type Holder,
  describeHolder,
  listGrants,
} from "./grants.ts";
import type { DeliveryPlace } from "./place.ts";
import * as commands from "../google/commands/setup.ts";
import { holds } from "../service/prepare/plan-access.ts";
import { type SetupState, bindingsOf } from "./setup-state.ts";
import { type Lane, type Step, gcloudStep } from "../plan/step.ts";

/** Roles that follow ACCESS: one that is no longer needed is taken away. */
const CHANGING_ROLES = [
  "roles/run.admin",
  "roles/run.developer",
  "roles/run.invoker",
];

/** A lane a policy: gcloud reads and writes a whole one. */
export function planGrants(place: DeliveryPlace, state: SetupState): Lane[] {
  const wanted = listGrants(
    place,
    state.envs.map(({ settings, project }) => ({
      settings,
      projectNumber: project.project.projectNumber,
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
  for (const grant of missing) add(grant, addStep(place, grant));
  for (const grant of listStale(place, state, wanted)) {
    add(grant, takeStep(place, grant));
  }
  return [...lanes.values()];
}

export function takeStep(place: DeliveryPlace, grant: Grant): Step {
  return gcloudStep(
    `Take ${describe(place, grant)} from ${nameOf(grant)}`,
    commands.removeGrant(place, grant),
  );
}

function addStep(place: DeliveryPlace, grant: Grant): Step {
  return gcloudStep(
    `Grant ${describe(place, grant)} to ${nameOf(grant)}`,
    commands.addGrant(place, grant),
  );
}

function listStale(
  place: DeliveryPlace,
  state: SetupState,
  wanted: readonly Grant[],
): Grant[] {
  const accounts: DeliveryAccount[] = ["deployer", "execution", "verify"];
  const members = accounts.map(
    (name) => `serviceAccount:${accountEmail(place.projectId, name)}`,
  );
  const projects = new Set(state.envs.map((e) => e.settings.projectId));
  return [...projects].flatMap((projectId) => {
    const on: Holder = { kind: "project", projectId };
    return CHANGING_ROLES.flatMap((role) =>
      members
        .filter((member) => holds(bindingsOf(state, on), role, member))
        .map((member): Grant => ({ on, role, member }))
        .filter((grant) => !wanted.some((w) => isSame(w, grant))),
    );
  });
}

function isSame(a: Grant, b: Grant): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function describe(place: DeliveryPlace, { on, role }: Grant): string {
  return `${role} on ${describeHolder(on, place)}`;
}

function nameOf({ member }: Grant): string {
  return member.replace("serviceAccount:", "");
}
