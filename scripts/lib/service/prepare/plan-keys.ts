import * as commands from "../../google/commands/service.ts";
import { UserError } from "../../cli/errors.ts";
import { formatCommand } from "../../google/gcloud.ts";
import type { Settings } from "../../settings/settings.ts";
import { isOurSecret } from "../ownership.ts";
import type { SecretState } from "../state/state.ts";
import type { NewKey } from "./input.ts";
import { checkVersion, newestEnabled, nextVersion } from "./secret-version.ts";
import { type Step, gcloudStep } from "../../plan/step.ts";

export interface KeySteps {
  create: Step[];
  /** Needs `create`. */
  store: Step[];
  /** The version that the revision is pinned to. */
  version: string;
}

/** A secret for a key, and a version where there is a new key to store. */
export function planKey(
  settings: Settings,
  name: string,
  secret: SecretState | undefined,
  key: NewKey | undefined,
): KeySteps {
  const create =
    secret === undefined
      ? [
          gcloudStep(
            `Create secret ${name}`,
            commands.createSecret(settings, name),
          ),
        ]
      : isOurSecret(secret)
        ? []
        : [
            gcloudStep(
              `Take over secret ${name}`,
              commands.updateSecret(settings, name, { label: true }),
            ),
          ];
  const version =
    key === undefined ? newestEnabled(secret) : nextVersion(secret);
  if (version === undefined) {
    throw new UserError(`secret ${name} has no enabled version`, {
      hint: `Give a key (README, "Keys"), or enable one: gcloud secrets versions list ${name}`,
    });
  }
  return {
    create,
    store: key === undefined ? [] : [storeKey(settings, name, key, version)],
    version: String(version),
  };
}

/** The value goes through the client library, not through a command. */
function storeKey(
  settings: Settings,
  name: string,
  key: NewKey,
  version: number,
): Step {
  const same = formatCommand(commands.addSecretVersion(settings, name, "-"));
  return {
    title: `Store a key in secret ${name}`,
    preview: `${key.preview} | ${same}`,
    run: async ({ payloads }) => {
      const added = await payloads.add(name, key.value);
      checkVersion(name, String(added), version);
    },
  };
}
