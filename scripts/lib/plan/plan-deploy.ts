import type { SecretPins } from "../manifest/render-manifest.ts";
import type { State } from "../state/state.ts";
import { type DeployInput, aliasOf } from "./deploy-input.ts";
import { refuseForeign } from "./foreign.ts";
import {
  planAccessor,
  planAccount,
  planApis,
  planProjectRole,
} from "./plan-access.ts";
import { planConfig } from "./plan-config.ts";
import { planKey } from "./plan-keys.ts";
import { planInvokers, planLeftovers } from "./plan-leftovers.ts";
import { type ServicePlan, planService } from "./plan-service.ts";
import { compact } from "./step.ts";

export interface DeployPlan extends ServicePlan {
  pins: SecretPins;
}

/**
 * The whole deploy: prepare the project, deploy into it, tidy up after it.
 * A group of a prepared project is empty, so whoever may only deploy can.
 */
export function planDeploy(input: DeployInput, state: State): DeployPlan {
  refuseForeign(input, state);
  const { settings, keys } = input;
  const { secrets } = state;
  const config = planConfig(input, state);
  const master = planKey(
    settings,
    settings.masterKeySecret,
    secrets.masterKey,
    keys.master,
  );
  const gemini =
    settings.mode === "apikey"
      ? planKey(
          settings,
          settings.geminiKeySecret,
          secrets.geminiKey,
          keys.gemini,
        )
      : undefined;
  const pins: SecretPins = {
    configVersion: aliasOf(input.config),
    masterKeyVersion: master.version,
    ...(gemini !== undefined && { geminiKeyVersion: gemini.version }),
  };
  const service = planService(input, state, pins);
  const invokers = planInvokers(settings, state);
  return {
    ...service,
    pins,
    plan: compact([
      planApis(settings, state),
      [
        [...planAccount(settings, state), ...planProjectRole(settings, state)],
        [...config.store, ...config.name],
        [...master.create, ...master.store],
        [...(gemini?.create ?? []), ...(gemini?.store ?? [])],
      ],
      [
        ...planAccessor(settings, settings.configSecret, secrets.config),
        ...planAccessor(settings, settings.masterKeySecret, secrets.masterKey),
        ...(gemini === undefined
          ? []
          : planAccessor(
              settings,
              settings.geminiKeySecret,
              secrets.geminiKey,
            )),
      ],
      invokers.before,
      ...service.plan,
      [...planLeftovers(settings, state), ...invokers.after],
    ]),
  };
}
