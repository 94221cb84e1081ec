import type { SecretPins } from "../../manifest/parameters.ts";
import { type Plan, compact } from "../../plan/step.ts";
import type { DeployEffects } from "../effects.ts";
import { refuseForeign } from "../prepare/foreign.ts";
import { planPrepare } from "../prepare/plan-prepare.ts";
import type { State } from "../state/state.ts";
import type { DeployInput } from "./input.ts";
import { planInvokers, planLeftovers } from "./plan-leftovers.ts";
import { type ServicePlan, planService } from "./plan-service.ts";

export interface DeployPlan extends Omit<ServicePlan, "plan"> {
  plan: Plan<DeployEffects>;
  pins: SecretPins;
}

/**
 * The whole deploy: prepare the project, deploy into it, tidy up after it.
 * A group of a prepared project is empty, so whoever may only deploy can.
 */
export function planDeploy(input: DeployInput, state: State): DeployPlan {
  refuseForeign(input, state);
  const { settings } = input;
  const { groups, pins } = planPrepare(input, state);
  const service = planService(input, state, pins);
  return {
    ...service,
    pins,
    plan: compact<DeployEffects>([
      ...groups,
      ...service.plan,
      [...planLeftovers(settings, state), ...planInvokers(settings, state)],
    ]),
  };
}
