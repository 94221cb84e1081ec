import { UserError } from "../../cli/errors.ts";
import { listRevisions } from "../../google/commands/run.ts";
import { formatCommand, toRead } from "../../google/gcloud.ts";
import type { Settings } from "../../settings/settings.ts";
import { MOST_ALIASES } from "../state/aliases.ts";
import type { SecretState, State } from "../state/state.ts";

/** Where the limit would be passed: the oldest aliases that no revision of any service names, and that are not wanted. */
export function listStaleAliases(
  settings: Settings,
  state: State,
  secret: SecretState,
  wanted: readonly string[],
  added: number,
): string[] {
  const aliases = Object.entries(secret.aliases);
  const excess = aliases.length + added - MOST_ALIASES;
  if (excess <= 0) return [];
  const named = new Set(
    [
      ...state.revisions,
      ...state.otherRevisions,
      ...state.otherServices.map((s) => s.spec.template),
    ]
      .flatMap((r) => r.spec.volumes ?? [])
      .filter((v) => v.secret?.secretName === secret.name)
      .flatMap((v) => v.secret?.items?.map((item) => item.key) ?? []),
  );
  const stale = aliases
    .filter(([alias]) => alias.startsWith("sha-") && !named.has(alias))
    .filter(([alias]) => !wanted.includes(alias))
    .sort(([, a], [, b]) => a - b)
    .slice(0, excess);
  if (stale.length < excess) {
    throw new UserError(
      `secret ${secret.name} has ${String(aliases.length)} aliases of at most ${String(MOST_ALIASES)}, needs ${String(added)} more, and revisions name them`,
      {
        hint: `Delete old revisions (gcloud run revisions delete). See them: ${formatCommand(toRead(listRevisions(settings)))}`,
      },
    );
  }
  return stale.map(([alias]) => alias);
}
