import { UserError } from "../../cli/errors.ts";
import { scriptCommand } from "../../cli/script-command.ts";

/** Throws UserError where somebody made again, at the same time, what was just removed. `left`: what another clean would do. */
export function refuseReturned(env: string, left: readonly string[]): void {
  if (left.length === 0) return;
  throw new UserError(
    [
      "somebody deployed at the same time: there is something to remove again:",
      ...left.map((title) => `  ${title}`),
    ].join("\n"),
    {
      hint: `Once the other run has ended: ${scriptCommand("clean", env)}`,
    },
  );
}
