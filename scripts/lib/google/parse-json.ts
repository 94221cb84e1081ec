import { UserError } from "../cli/errors.ts";
import { type Command, formatCommand, nameOf, toRead } from "./gcloud.ts";

/**
 * What a command printed, an object or a list. Throws UserError where it is neither.
 */
export function parseJson(command: Command, stdout: string): object {
  let parsed: unknown;
  try {
    parsed = JSON.parse(stdout);
  } catch (cause) {
    throw noJson(command, stdout, cause);
  }
  if (typeof parsed === "object" && parsed !== null) return parsed;
  throw noJson(command, stdout);
}

/** What was printed is not shown: it may hold a token. */
function noJson(command: Command, stdout: string, cause?: unknown): UserError {
  const printed =
    stdout.trim() === ""
      ? "nothing"
      : stdout.trim() === "null"
        ? "null"
        : "something else";
  return new UserError(
    `gcloud ${nameOf(command)} ended well, but printed ${printed} where JSON was expected`,
    {
      hint:
        command.input === undefined
          ? `Is the gcloud on the PATH the real one? See: gcloud version; ${formatCommand(toRead(command))}`
          : "Is the gcloud on the PATH the real one? See: gcloud version. Then run this again: it goes on from what is there.",
      cause,
    },
  );
}
