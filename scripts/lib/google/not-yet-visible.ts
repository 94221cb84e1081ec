import { GcloudError } from "./gcloud.ts";

/** What reading and planning anew mends. Of a role, an account, an API that was just enabled, and the agent that comes with it. */
const WORDS = new RegExp(
  [
    "Permission denied on secret",
    String.raw`Service account \S+ does not exist`,
    "Unknown service account",
    // It was made a moment ago, and reading it did not find it.
    String.raw`Service account \S+ already exists within project`,
    // gcloud made it, had no answer, and made it again.
    String.raw`Secret \[\S+\] already exists`,
    String.raw`Resource '\S+' already exists`,
    String.raw`has not been used in project \S+ before or it is disabled`,
    // Of an alert: Monitoring knows a metric only some time after it came up first.
    String.raw`Cannot find metric\(s\) that match type`,
    String.raw`Service Agent \S+ must have permission to read the image`,
  ].join("|"),
);

/** Whether Google has just not seen something new everywhere yet. */
export function isNotYetVisible(error: unknown): boolean {
  return error instanceof GcloudError && WORDS.test(error.stderr);
}
