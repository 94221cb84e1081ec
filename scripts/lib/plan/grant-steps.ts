import { addGrant, removeGrant } from "../google/commands/policies.ts";
import { type Grant, describeHolder } from "../google/policy.ts";
import { type Step, removalStep, spreadingStep } from "./step.ts";

export function grantStep(grant: Grant): Step {
  return spreadingStep(
    `Grant ${describe(grant)} to ${nameOf(grant)}`,
    addGrant(grant),
  );
}

export function takeStep(grant: Grant): Step {
  return removalStep(
    `Take ${describe(grant)} from ${nameOf(grant)}`,
    removeGrant(grant),
  );
}

function describe({ on, role }: Grant): string {
  return `${role} on ${describeHolder(on)}`;
}

function nameOf({ member }: Grant): string {
  return member.replace("serviceAccount:", "");
}
