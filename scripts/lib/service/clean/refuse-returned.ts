import { ConflictError } from "../../cli/errors.ts";
import { scriptCommand } from "../../cli/script-command.ts";
import { readServiceAudit } from "../../google/commands/logging.ts";
import { formatCommand } from "../../google/gcloud.ts";
import type { Settings } from "../../settings/settings.ts";

/** Throws ConflictError where somebody made again, at the same time, what was just removed. `left`: what another clean would do. */
export function refuseReturned(
  settings: Settings,
  left: readonly string[],
): void {
  if (left.length === 0) return;
  throw new ConflictError(
    [
      "somebody deployed at the same time: there is something to remove again:",
      ...left.map((title) => `  ${title}`),
    ].join("\n"),
    {
      hint: `Who it was: ${formatCommand(readServiceAudit(settings))}\n  Once the other run has ended: ${scriptCommand("clean", settings.env)}`,
    },
  );
}
