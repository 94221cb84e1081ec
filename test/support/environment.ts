import { KEYS, type Key } from "../../scripts/lib/settings/keys.ts";
import { SETTING_NAMES } from "../../scripts/lib/settings/check-settings.ts";

/** What would give a script a key. */
const KEY_VARIABLES = KEYS.flatMap(({ variable, oldVariable = "" }: Key) => [
  variable,
  oldVariable,
]);

/** The test's own environment without what would decide a setting (vitest itself sets MODE). */
export function neutralEnvironment(): NodeJS.ProcessEnv {
  const neutral = Object.entries(process.env).filter(
    ([name]) =>
      !SETTING_NAMES.includes(name) &&
      !KEY_VARIABLES.includes(name) &&
      !name.startsWith("CLOUDSDK_"),
  );
  // Below another shell, as a user's is: bash whose standard input is a socket, as Node makes
  // them, takes itself for a remote login otherwise, and reads .bashrc at each call of gcloud
  // (Bash manual, "Bash Startup Files"). What that runs must not be killed half-way.
  return { ...Object.fromEntries(neutral), SHLVL: "1" };
}
