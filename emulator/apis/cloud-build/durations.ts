import { GoogleError } from "../../core/google-error.ts";

/** Milliseconds of `600s`; undefined where there is none. Throws INVALID_ARGUMENT. */
export function parseDuration(
  text: string | undefined,
  field: string,
): number | undefined {
  if (text === undefined || text === "") return undefined;
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(text)?.[1];
  if (seconds !== undefined) return Number(seconds) * 1000;
  throw new GoogleError(
    "INVALID_ARGUMENT",
    `Invalid value at '${field}' (type.googleapis.com/google.protobuf.Duration), Field '${field}', Illegal duration format; duration must end with 's'`,
  );
}
