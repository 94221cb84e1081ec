import { say } from "../../cli/terminal.ts";
import { SecretValue } from "../../cli/secret-value.ts";
import { readProcessEnv } from "../../cli/process-env.ts";
import { variablesOf } from "../../settings/keys.ts";
import type { Settings } from "../../settings/settings.ts";
import type { NewKeys } from "../prepare/input.ts";
import { newestEnabled } from "../prepare/secret-version.ts";
import type { State } from "../state/state.ts";

/**
 * The keys that a deploy would have to store, without a value: a plan reads none.
 * Whether one that stands in the shell is stored already is not looked at.
 */
export function expectKeys(settings: Settings, state: State): NewKeys {
  const shell = readProcessEnv();
  const missing = settings.keys.flatMap((key) => {
    const given = variablesOf(key).find((name) => (shell[name] ?? "") !== "");
    if (newestEnabled(state.secrets.keys[key.name]) !== undefined) {
      if (given !== undefined) {
        say(
          `note: ${given} stands in the shell: a deploy stores it where it is not the stored one`,
        );
      }
      return [];
    }
    const preview =
      given === undefined
        ? (key.generate?.preview ?? `printf %s "$${key.variable}"`)
        : `printf %s "$${given}"`;
    return [[key.name, { value: new SecretValue(""), preview }] as const];
  });
  return Object.fromEntries(missing);
}
