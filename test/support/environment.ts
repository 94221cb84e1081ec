import { SETTING_NAMES } from "../../scripts/lib/settings/check-settings.ts";

const KEYS = [
  "LITELLM_MASTER_KEY",
  "MY_MASTER_KEY",
  "GEMINI_API_KEY",
  "MY_GEMINI_KEY",
];

/** The test's own environment without what would decide a setting (vitest itself sets MODE). */
export function neutralEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !SETTING_NAMES.includes(name) &&
        !KEYS.includes(name) &&
        !name.startsWith("CLOUDSDK_"),
    ),
  );
}
