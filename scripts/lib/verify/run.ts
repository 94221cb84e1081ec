import { setTimeout as sleep } from "node:timers/promises";
import { timed } from "../cli/timings.ts";
import { type Attempt, type Outcome, tryOnce } from "./attempt.ts";
import {
  CheckFailure,
  type FailureFacts,
  type FailureKind,
} from "./failure.ts";
import { hintFor } from "./hints.ts";
import { createLimiter } from "./limiter.ts";
import type { VerifyOptions } from "./options.ts";
import { redact } from "./redact.ts";
import { maySettle, retryDelay } from "./retry.ts";
import type { CheckName, CheckResult, Cost, VerifyTarget } from "./target.ts";

/** What is checked, for the result and its hint. */
interface Check {
  name: CheckName;
  subject?: string | undefined;
  facts?: FailureFacts | undefined;
}

/** What one call came to, as far as its answer tells it. */
interface Spent {
  input?: number | undefined;
  output?: number | undefined;
  dollars?: number | undefined;
}

/** One verification under way. */
export interface Run {
  readonly target: VerifyTarget;
  readonly results: CheckResult[];
  /** Of the last answer that told it. */
  litellmVersion: string | undefined;
  modelCalls: number;
  /** As LiteLLM reports them. */
  readonly tokens: { input: number; output: number };
  readonly cost: Cost;
  /** Adds what an answer told of itself. */
  spend(spent: Spent): void;
  /**
   * Tries until the check passes or another try is pointless, and records the
   * result. Returns the failure, if it is one.
   */
  check(check: Check, attempt: Attempt): Promise<CheckFailure | undefined>;
  /** Records a check that is not tried because of what another one found. */
  skip(check: Check, because: string): void;
}

export function startRun(target: VerifyTarget, options: VerifyOptions): Run {
  const limit = createLimiter(options.concurrency ?? 4);
  const deadline = AbortSignal.timeout((options.timeoutSeconds ?? 300) * 1000);
  const callTimeout = (options.callTimeoutSeconds ?? 60) * 1000;
  const settledAt = Date.now() + (options.settleSeconds ?? 30) * 1000;
  const firstDelay = options.firstRetryMilliseconds ?? 1000;
  const { findGone } = options;
  const results: CheckResult[] = [];
  const tokens = { input: 0, output: 0 };
  const cost = { dollars: 0, calls: 0 };

  function record(result: CheckResult): void {
    results.push(result);
    options.onResult?.(result);
  }

  return {
    target,
    results,
    litellmVersion: undefined,
    modelCalls: 0,
    tokens,
    cost,
    spend({ input = 0, output = 0, dollars }) {
      tokens.input += Number.isFinite(input) ? input : 0;
      tokens.output += Number.isFinite(output) ? output : 0;
      if (dollars === undefined) return;
      cost.dollars += dollars;
      cost.calls += 1;
    },
    async check(check, attempt) {
      for (let retries = 0; ; retries += 1) {
        const outcome = await limit(() =>
          timed("verification", () => tryOnce(attempt, deadline, callTimeout)),
        );
        outcome.failure = await recogniseGone(outcome.failure, findGone);
        const delay =
          outcome.failure &&
          retryDelay(outcome.failure, retries, {
            settling:
              Date.now() < settledAt &&
              maySettle(outcome.failure, check.facts?.model, target.projectId),
            firstDelay,
          });
        if (delay !== undefined && (await waitFor(delay, deadline))) continue;
        record(toResult(target, check, outcome, retries));
        return outcome.failure;
      }
    },
    skip(check, because) {
      const failure = { milliseconds: 0, passed: { detail: because } };
      const result = toResult(target, check, failure, 0);
      record({ ...result, ok: false, skipped: true });
    },
  };
}

/** How it looks when the service, or its account with its roles, is no more; each may also be new. */
const LIKE_GONE = new Set<FailureKind>([
  "no-such-service",
  "refused-connection",
  "lost-connection",
  "instance-broke",
  "vertex-permission",
  "no-credentials",
]);

/** A URL that leads nowhere may be new, or its service was removed: that does not pass. */
async function recogniseGone(
  failure: CheckFailure | undefined,
  findGone: VerifyOptions["findGone"],
): Promise<CheckFailure | undefined> {
  if (failure === undefined || !LIKE_GONE.has(failure.kind)) return failure;
  // The failure itself is what to tell where nothing can be read.
  const gone = await findGone?.().catch(() => undefined);
  return gone === undefined ? failure : new CheckFailure("gone", gone);
}

/** False where the deadline comes first. */
async function waitFor(
  milliseconds: number,
  deadline: AbortSignal,
): Promise<boolean> {
  try {
    await sleep(milliseconds, undefined, { signal: deadline });
    return true;
  } catch {
    return false;
  }
}

function toResult(
  target: VerifyTarget,
  { name, subject, facts }: Check,
  { milliseconds, passed, failure }: Outcome,
  retries: number,
): CheckResult {
  const clean = (text: string): string =>
    redact(text, [target.masterKey, target.identityToken]);
  const hint = failure ? hintFor(target, failure, facts) : passed?.hint;
  return {
    check: name,
    ...(subject !== undefined && { subject }),
    ok: failure === undefined,
    milliseconds,
    detail: clean(failure?.message ?? passed?.detail ?? ""),
    ...(hint !== undefined && { hint: clean(hint) }),
    ...(retries > 0 && { retries }),
  };
}
