import { isAborted } from "../google/gcloud.ts";
import { readRetrySeconds, retry } from "../google/retry.ts";

/** Seconds; what is in the way for longer is no change of a moment. */
const LONGEST = 20;

/**
 * Tries again what Google aborted for a change at the same time: the client is to
 * begin again where it read (google/rpc/code.proto, ABORTED). gcloud reads anew
 * each time it runs, and a guard does.
 */
export function throughConflicts<T>(attempt: () => Promise<T>): Promise<T> {
  return retry<T>(
    async () => {
      try {
        return { done: await attempt() };
      } catch (error) {
        if (!isAborted(error)) throw error;
        return {
          why: "Google aborts it for a change at the same time",
          giveUp: () => {
            throw error;
          },
        };
      }
    },
    { seconds: Math.min(LONGEST, readRetrySeconds()) },
  );
}
