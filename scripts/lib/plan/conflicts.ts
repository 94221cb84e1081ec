import { whyRefused } from "../google/gcloud.ts";
import { readRetrySeconds, retry } from "../google/retry.ts";

/** Seconds; what is in the way for longer is nothing of a moment. */
const LONGEST = 20;

/**
 * Tries again what Google aborted for a change at the same time: the client is to
 * begin again where it read (google/rpc/code.proto, ABORTED). gcloud reads anew
 * each time it runs, and a guard does. So too what it did not begin for too many
 * requests (RESOURCE_EXHAUSTED), which gcloud gives up on at once.
 */
export function throughConflicts<T>(attempt: () => Promise<T>): Promise<T> {
  return retry<T>(
    async () => {
      try {
        return { done: await attempt() };
      } catch (error) {
        const why = whyRefused(error);
        if (why === undefined) throw error;
        return {
          why,
          giveUp: () => {
            throw error;
          },
        };
      }
    },
    { seconds: Math.min(LONGEST, readRetrySeconds()) },
  );
}
