import { setTimeout } from "node:timers/promises";
import { ConflictError } from "../../cli/errors.ts";
import { scriptCommand } from "../../cli/script-command.ts";
import { readServiceAudit } from "../../google/commands/logging.ts";
import { formatCommand } from "../../google/gcloud.ts";
import type { Settings } from "../../settings/settings.ts";

/** Seconds between looks: a deploy that was under way takes what its write made anew away itself. */
const WAITS = [3, 6, 12];

/**
 * Throws ConflictError where somebody made again, at the same time, what was just
 * removed, and it stays. `look`: what another clean would do.
 */
export async function refuseReturned(
  settings: Settings,
  look: () => Promise<readonly string[]>,
): Promise<void> {
  let left = await look();
  for (const seconds of WAITS) {
    if (left.length === 0) return;
    await setTimeout(seconds * 1000);
    left = await look();
  }
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
