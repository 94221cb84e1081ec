import { UserError } from "../../cli/errors.ts";
import * as commands from "../../google/commands/secrets.ts";
import { formatCommand } from "../../google/gcloud.ts";
import { type Step, gcloudStep } from "../../plan/step.ts";
import type { Settings } from "../../settings/settings.ts";
import { NO_KEYS, formatKeyList } from "../client-keys/key-list.ts";
import { LABELS, isOurSecret } from "../ownership.ts";
import type { SecretState } from "../state/state.ts";

/** The secret of the client keys, with a list in it: an instance that finds none does not start. */
export function planClientKeys(
  settings: Settings,
  secret: SecretState | undefined,
): Step[] {
  const { clientKeysSecret: name, secretLocations: locations } = settings;
  const data = { text: formatKeyList(NO_KEYS) };
  if (secret === undefined) {
    const made = { name, labels: LABELS, locations, data };
    const create = commands.createSecret(settings, made);
    return [gcloudStep(`Create secret ${name} without a client key`, create)];
  }
  const adopt = commands.updateSecret(settings, name, { labels: LABELS });
  const add = commands.addVersion(settings, name, data);
  requireLatest(settings, secret);
  return [
    ...(isOurSecret(secret)
      ? []
      : [gcloudStep(`Take over secret ${name}`, adopt)]),
    ...(secret.versions.length === 0
      ? [gcloudStep(`Store a list without a client key in ${name}`, add)]
      : []),
  ];
}

/** Cloud Run reads `latest`, which is the newest version whatever its state. */
function requireLatest(
  settings: Settings,
  { name, versions: [latest] }: SecretState,
): void {
  if (latest === undefined || latest.state === "ENABLED") return;
  const { number, state } = latest;
  const enable = commands.enableVersion(settings, name, number);
  const add = commands.addPipedVersion(settings, name);
  const empty = formatKeyList(NO_KEYS).trim();
  throw new UserError(
    `version ${number} of secret ${name}, its latest, is ${state.toLowerCase()}, and the service reads that one`,
    {
      hint:
        state === "DISABLED"
          ? `Enable it: ${formatCommand(enable)}`
          : `Store a list again, here an empty one: echo '${empty}' | ${formatCommand(add)}`,
    },
  );
}
