import type { Settings } from "../settings/settings.ts";
import { idOf } from "../pipeline/pipeline-state.ts";
import type { Release } from "./release-state.ts";
import type { SecretState, State } from "../service/state/state.ts";

/** What a release renders for a target with: the release's own parameters over the target's of that time. */
export function parametersOf(
  release: Release,
  target: string,
): Record<string, string> {
  const { targetSnapshots = [], deployParameters } = release;
  const snapshot = targetSnapshots.find((t) => idOf(t) === target);
  return { ...snapshot?.deployParameters, ...deployParameters };
}

/** What keeps a release from a target altogether; undefined: nothing does. */
export function findReleaseObstacle(
  settings: Settings,
  state: State,
  parameters: Readonly<Record<string, string>>,
): string | undefined {
  const { configSecret = "", configVersion = "" } = parameters;
  const mode = parameters.geminiKeyVersion === undefined ? "vertex" : "apikey";
  if (mode !== settings.mode) {
    return `it was made with MODE=${mode}, and the env has MODE=${settings.mode} now`;
  }
  if (configSecret !== settings.configSecret) {
    return `its config is in secret ${configSecret}, and CONFIG_SECRET is ${settings.configSecret} now`;
  }
  const secret = state.secrets.config;
  const number = secret?.aliases[configVersion];
  const stored = secret?.versions.find((v) => v.number === number);
  if (stored?.state === "ENABLED") return undefined;
  return stored === undefined
    ? `its config ${configVersion} is not in secret ${configSecret} any more`
    : `its config ${configVersion} is version ${String(number)} of secret ${configSecret}, which is ${stored.state.toLowerCase()}`;
}

/** Why a release cannot come with its own keys: they are disabled, destroyed, or elsewhere now. */
export function listDeadKeys(
  settings: Settings,
  { secrets }: State,
  parameters: Readonly<Record<string, string>>,
): string[] {
  const { masterKeySecret, masterKeyVersion } = parameters;
  const { geminiKeySecret, geminiKeyVersion } = parameters;
  return [
    ...findDead(
      { name: masterKeySecret, version: masterKeyVersion },
      { name: settings.masterKeySecret, stored: secrets.masterKey },
    ),
    ...findDead(
      { name: geminiKeySecret, version: geminiKeyVersion },
      { name: settings.geminiKeySecret, stored: secrets.geminiKey },
    ),
  ];
}

function findDead(
  pin: { name: string | undefined; version: string | undefined },
  today: { name: string; stored: SecretState | undefined },
): string[] {
  if (pin.version === undefined) return [];
  if (pin.name !== today.name) {
    return [
      `its key is in secret ${pin.name ?? "?"}, today's in ${today.name}`,
    ];
  }
  const found = today.stored?.versions.find(
    (v) => String(v.number) === pin.version,
  );
  if (found?.state === "ENABLED") return [];
  return [
    `version ${pin.version} of ${today.name} is ${found?.state.toLowerCase() ?? "gone"}`,
  ];
}
