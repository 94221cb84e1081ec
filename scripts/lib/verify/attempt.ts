import { classifyError } from "./classify-error.ts";
import { CheckFailure } from "./failure.ts";

/** What a check found when all was well. */
export interface Passed {
  detail: string;
  /** What is worth knowing all the same. */
  hint?: string | undefined;
}

/** One try of a check. Throws a CheckFailure, or what fetch and the OpenAI SDK throw. */
export type Attempt = (signal: AbortSignal) => Promise<Passed>;

export interface Outcome {
  milliseconds: number;
  passed?: Passed;
  failure?: CheckFailure | undefined;
}

/** Tries once, in bounded time. Throws only what is a bug of our own. */
export async function tryOnce(
  attempt: Attempt,
  deadline: AbortSignal,
  callTimeout: number,
): Promise<Outcome> {
  const began = performance.now();
  const taken = (): number => Math.round(performance.now() - began);
  const signal = AbortSignal.any([deadline, AbortSignal.timeout(callTimeout)]);
  try {
    signal.throwIfAborted();
    const passed = await attempt(signal);
    return { milliseconds: taken(), passed };
  } catch (error) {
    // Asked of the signal, not of the error: the SDK ends an aborted stream
    // as if it were complete, which then looks cut.
    const failure = deadline.aborted
      ? new CheckFailure("deadline", "not answered before the deadline")
      : signal.aborted
        ? new CheckFailure("timeout", describeTimeout(callTimeout))
        : classifyError(error);
    if (failure === undefined) throw error;
    return { milliseconds: taken(), failure };
  }
}

function describeTimeout(callTimeout: number): string {
  return `no complete answer within ${callTimeout / 1000} s`;
}
