import type { SecretPins } from "../../manifest/parameters.ts";
import type { Lane } from "../../plan/step.ts";
import type { PayloadEffects } from "../effects.ts";
import { UserError } from "../../cli/errors.ts";
import type { SecretState, State } from "../state/state.ts";
import { aliasOf, aliasesOf } from "../../litellm-config/config-content.ts";
import type { PrepareInput } from "./input.ts";
import {
  planAccessor,
  planAccount,
  planApis,
  planProjectRole,
} from "./plan-access.ts";
import { planClientKeys } from "./plan-client-keys.ts";
import { planConfig } from "./plan-config.ts";
import { planKey } from "./plan-keys.ts";

type Group = Lane<PayloadEffects>[];

export interface PreparePlan {
  /** APIs, then accounts and secrets, then who reads which secret: empty where all is right. */
  groups: [Group, Group, Group];
  /** What the service is to read. */
  pins: SecretPins;
}

/** Throws UserError where config/service.yaml names a secret that is not there: nobody but its author can fill it. */
export function requireSecret(
  name: string,
  secret: SecretState | undefined,
): SecretState {
  if (secret !== undefined) return secret;
  throw new UserError(
    `config/service.yaml names secret ${name}, which is not there`,
    {
      hint: `Create it first, or let this project do it: name the variable as os.environ/NAME in the LiteLLM config, and take it out of config/service.yaml.`,
    },
  );
}

/** Everything that an env's service needs in its project before it is deployed. */
export function planPrepare(input: PrepareInput, state: State): PreparePlan {
  const { settings } = input;
  const { secrets } = state;
  const config = planConfig(input, state);
  const keys = settings.keys.map(({ name, secret }) => {
    const stored = secrets.keys[name];
    const planned = planKey(settings, secret, stored, input.keys[name]);
    return { ...planned, name, secret, stored };
  });
  return {
    pins: {
      configVersion: aliasOf(input.config),
      configFiles: aliasesOf(input.config),
      keys: Object.fromEntries(keys.map((key) => [key.name, key.version])),
    },
    groups: [
      planApis(settings, state),
      [
        [...planAccount(settings, state), ...planProjectRole(settings, state)],
        [...config.store, ...config.name],
        ...keys.map((key) => key.steps),
        ...(settings.clientKeys
          ? [planClientKeys(settings, secrets.clientKeys)]
          : []),
      ],
      [
        ...planAccessor(settings, settings.configSecret, secrets.config),
        ...keys.flatMap((key) =>
          planAccessor(settings, key.secret, key.stored),
        ),
        ...(settings.clientKeys
          ? planAccessor(
              settings,
              settings.clientKeysSecret,
              secrets.clientKeys,
            )
          : []),
        ...settings.ownSecrets.flatMap((name) =>
          planAccessor(settings, name, requireSecret(name, secrets.own[name])),
        ),
      ],
    ],
  };
}
