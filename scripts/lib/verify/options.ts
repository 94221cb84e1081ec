import type { Protocol } from "./protocol.ts";
import type { CheckResult } from "./target.ts";

export interface VerifyOptions {
  /** What chat models are asked in, beyond what a deploy is held up for: chat, stream and embeddings. */
  protocols?: readonly Protocol[] | undefined;
  /** Told of each result as it comes. */
  onResult?: ((result: CheckResult) => void) | undefined;
  /** Requests at a time; default 4. */
  concurrency?: number | undefined;
  /** For everything; default 300. */
  timeoutSeconds?: number | undefined;
  /** For one request; default 60. */
  callTimeoutSeconds?: number | undefined;
  /**
   * How long a new role, API or URL may take to be seen, from the start;
   * default 30. More after a first deploy, 0 where nothing is new.
   */
  settleSeconds?: number | undefined;
  /**
   * Asked where it looks as if the service were gone, before it is tried again:
   * says what was removed meanwhile.
   */
  findGone?: (() => Promise<string | undefined>) | undefined;
  /** Default 1000; doubles each time. */
  firstRetryMilliseconds?: number | undefined;
}
