import type { SecretPins } from "../../manifest/render-manifest.ts";
import type { State } from "../state/state.ts";
import type { DeployInput } from "../prepare/input.ts";
import { refuseForeign } from "../prepare/foreign.ts";
import { planInvokers, planLeftovers } from "./plan-leftovers.ts";
import { planPrepare } from "../prepare/plan-prepare.ts";
import { type ServicePlan, planService } from "./plan-service.ts";
import { compact } from "../../plan/step.ts";

export interface DeployPlan extends ServicePlan {
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
  const invokers = planInvokers(settings, state);
  return {
    ...service,
    pins,
    plan: compact([
      ...groups,
      invokers.before,
      ...service.plan,
      [...planLeftovers(settings, state), ...invokers.after],
    ]),
  };
}
