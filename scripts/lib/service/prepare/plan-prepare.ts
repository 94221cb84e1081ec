import type { SecretPins } from "../../manifest/render-manifest.ts";
import type { State } from "../state/state.ts";
import { type PrepareInput, aliasOf } from "./input.ts";
import {
  planAccessor,
  planAccount,
  planApis,
  planProjectRole,
} from "./plan-access.ts";
import { planConfig } from "./plan-config.ts";
import { planKey } from "./plan-keys.ts";
import type { Lane } from "../../plan/step.ts";

export interface PreparePlan {
  /** APIs, then accounts and secrets, then who reads which secret: empty where all is right. */
  groups: [Lane[], Lane[], Lane[]];
  /** What the service is to read. */
  pins: SecretPins;
}

/** Everything that an env's service needs in its project before it is deployed. */
export function planPrepare(input: PrepareInput, state: State): PreparePlan {
  const { settings, keys } = input;
  const { mode, configSecret, masterKeySecret, geminiKeySecret } = settings;
  const { secrets } = state;
  const config = planConfig(input, state);
  const master = planKey(
    settings,
    masterKeySecret,
    secrets.masterKey,
    keys.master,
  );
  const gemini =
    mode === "apikey"
      ? planKey(settings, geminiKeySecret, secrets.geminiKey, keys.gemini)
      : undefined;
  return {
    pins: {
      configVersion: aliasOf(input.config),
      masterKeyVersion: master.version,
      ...(gemini !== undefined && { geminiKeyVersion: gemini.version }),
    },
    groups: [
      planApis(settings, state),
      [
        [...planAccount(settings, state), ...planProjectRole(settings, state)],
        [...config.store, ...config.name],
        [...master.create, ...master.store],
        [...(gemini?.create ?? []), ...(gemini?.store ?? [])],
      ],
      [
        ...planAccessor(settings, configSecret, secrets.config),
        ...planAccessor(settings, masterKeySecret, secrets.masterKey),
        ...(gemini === undefined
          ? []
          : planAccessor(settings, geminiKeySecret, secrets.geminiKey)),
      ],
    ],
  };
}
