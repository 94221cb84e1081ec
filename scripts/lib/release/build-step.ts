import { UserError } from "../cli/errors.ts";
import { readBuildLog } from "../google/commands/builds.ts";
import { type Command, GcloudError, formatCommand } from "../google/gcloud.ts";
import type { InRegion } from "../google/places.ts";
import { type Step, gcloudStep } from "../plan/step.ts";

/** How gcloud says that a build ended otherwise than well. */
const FAILED = /\bbuild ([0-9a-f-]{36}) completed with status/;

/** A step that waits for a build, and says where the log of a failed one is. */
export function buildStep(
  place: InRegion,
  title: string,
  command: Command,
): Step {
  const step = gcloudStep(title, command);
  return {
    ...step,
    run: async (effects) => {
      try {
        await step.run(effects);
      } catch (error) {
        throw withLog(place, error);
      }
    },
  };
}

function withLog(place: InRegion, error: unknown): unknown {
  if (!(error instanceof GcloudError)) return error;
  const [, build] = FAILED.exec(error.stderr) ?? [];
  if (build === undefined) return error;
  return new UserError(error.message, {
    hint: `Its log: ${formatCommand(readBuildLog(place, build))}\n  Roles that were given a moment ago are seen after minutes: then run this again.`,
    cause: error,
  });
}
