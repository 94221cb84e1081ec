import { allKeys } from "../../scripts/lib/settings/keys.ts";
import { SETTING_NAMES } from "../../scripts/lib/settings/check-settings.ts";

/** What would give a script a key. */
const KEY_VARIABLES = allKeys().flatMap(({ variable, oldVariable = "" }) => [
  variable,
  oldVariable,
]);

/** The test's own environment without what would decide a setting (vitest itself sets MODE). */
export function neutralEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !SETTING_NAMES.includes(name) &&
        !KEY_VARIABLES.includes(name) &&
        !name.startsWith("CLOUDSDK_"),
    ),
  );
}
