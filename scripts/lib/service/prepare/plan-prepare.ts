import type { SecretPins } from "../../manifest/parameters.ts";
import type { Lane } from "../../plan/step.ts";
import { keysOf } from "../../settings/keys.ts";
import type { PayloadEffects } from "../effects.ts";
import type { State } from "../state/state.ts";
import { aliasOf } from "../../litellm-config/config-content.ts";
import type { PrepareInput } from "./input.ts";
import {
  planAccessor,
  planAccount,
  planApis,
  planProjectRole,
} from "./plan-access.ts";
import { planConfig } from "./plan-config.ts";
import { planKey } from "./plan-keys.ts";

type Group = Lane<PayloadEffects>[];

export interface PreparePlan {
  /** APIs, then accounts and secrets, then who reads which secret: empty where all is right. */
  groups: [Group, Group, Group];
  /** What the service is to read. */
  pins: SecretPins;
}

/** Everything that an env's service needs in its project before it is deployed. */
export function planPrepare(input: PrepareInput, state: State): PreparePlan {
  const { settings } = input;
  const { secrets } = state;
  const config = planConfig(input, state);
  const keys = keysOf(settings.mode).map(({ name }) => {
    const secret = settings.keySecrets[name];
    const stored = secrets.keys[name];
    const planned = planKey(settings, secret, stored, input.keys[name]);
    return { ...planned, name, secret, stored };
  });
  return {
    pins: {
      configVersion: aliasOf(input.config),
      keys: Object.fromEntries(keys.map((key) => [key.name, key.version])),
    },
    groups: [
      planApis(settings, state),
      [
        [...planAccount(settings, state), ...planProjectRole(settings, state)],
        [...config.store, ...config.name],
        ...keys.map((key) => key.steps),
      ],
      [
        ...planAccessor(settings, settings.configSecret, secrets.config),
        ...keys.flatMap((key) =>
          planAccessor(settings, key.secret, key.stored),
        ),
      ],
    ],
  };
}
