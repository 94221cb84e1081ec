import { GoogleError } from "../../core/google-error.ts";

/** The error for what Cloud Run can do and the emulator does not do. */
export function notCovered(what: string): GoogleError {
  // Not UNIMPLEMENTED: gcloud would repeat the request for half a minute.
  return new GoogleError(
    "INVALID_ARGUMENT",
    `The emulated Google Cloud does not cover ${what}.`,
  );
}
