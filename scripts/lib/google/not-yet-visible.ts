import { GcloudError } from "./gcloud.ts";

/** Of a role, an account, and an API that was just enabled. */
const WORDS =
  /Permission denied on secret|Service account \S+ does not exist|has not been used in project \S+ before or it is disabled/;

/** Whether Google has just not seen something new everywhere yet. */
export function isNotYetVisible(error: unknown): boolean {
  return error instanceof GcloudError && WORDS.test(error.stderr);
}
