import { UserError } from "../../cli/errors.ts";
import { readSecretAudit } from "../../google/commands/logging.ts";
import { formatCommand } from "../../google/gcloud.ts";
import type { InProject } from "../../google/places.ts";
import { versionNumber } from "../../google/secret-versions.ts";
import type { SecretState } from "../state/state.ts";

/** The number that Secret Manager gives the next version: numbers are never used again. */
export function nextVersion(secret: SecretState | undefined): number {
  return (secret?.versions[0]?.number ?? 0) + 1;
}

/** The number of the version that a new revision is pinned to. */
export function newestEnabled(
  secret: SecretState | undefined,
): number | undefined {
  return secret?.versions.find((v) => v.state === "ENABLED")?.number;
}

/** Stops when somebody else added a version at the same time: the plan names numbers. */
export function checkVersion(
  place: InProject,
  secret: string,
  name: string,
  expected: number,
): void {
  if (versionNumber(name) === expected) return;
  throw new UserError(
    `somebody else added a version to secret ${secret} at the same time (${name.trim()} instead of version ${String(expected)})`,
    {
      hint: `Who it was: ${formatCommand(readSecretAudit(place, secret))}\n  Run it again: it goes on from what is there.`,
    },
  );
}
