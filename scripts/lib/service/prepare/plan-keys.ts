import { UserError } from "../../cli/errors.ts";
import * as commands from "../../google/commands/secrets.ts";
import { formatCommand } from "../../google/gcloud.ts";
import { type Step, gcloudStep } from "../../plan/step.ts";
import type { Settings } from "../../settings/settings.ts";
import type { PayloadEffects } from "../effects.ts";
import { LABELS, isOurSecret } from "../ownership.ts";
import type { SecretState } from "../state/state.ts";
import type { NewKey } from "./input.ts";
import { checkVersion, newestEnabled, nextVersion } from "./secret-version.ts";

export interface KeySteps {
  /** Makes the secret, then stores the key. */
  steps: Step<PayloadEffects>[];
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
  const version =
    key === undefined ? newestEnabled(secret) : nextVersion(secret);
  if (version === undefined) {
    const list = formatCommand(commands.listVersions(settings, name));
    throw new UserError(`secret ${name} has no enabled version`, {
      hint: `Give a key (docs/operating.md, "Keys"), or enable one: ${list}`,
    });
  }
  return {
    steps: [
      ...planSecret(settings, name, secret),
      ...(key === undefined ? [] : [storeKey(settings, name, key, version)]),
    ],
    version: String(version),
  };
}

function planSecret(
  settings: Settings,
  name: string,
  secret: SecretState | undefined,
): Step[] {
  if (secret === undefined) return [createEmptySecret(settings, name)];
  if (isOurSecret(secret)) return [];
  const command = commands.updateSecret(settings, name, { labels: LABELS });
  return [gcloudStep(`Take over secret ${name}`, command)];
}

export function createEmptySecret(settings: Settings, name: string): Step {
  const command = commands.createSecret(settings, {
    name,
    labels: LABELS,
    locations: settings.secretLocations,
  });
  return gcloudStep(`Create secret ${name}`, command);
}

/** The value goes through the client library, not through a command. */
export function storeKey(
  settings: Settings,
  name: string,
  key: NewKey,
  version: number,
): Step<PayloadEffects> {
  const same = formatCommand(commands.addPipedVersion(settings, name));
  return {
    title: `Store a key in secret ${name}`,
    preview: `${key.preview} | ${same}`,
    run: async ({ payloads }) => {
      const added = await payloads(settings.projectId).add(name, key.value);
      checkVersion(settings, name, String(added), version);
    },
  };
}
