import type { CheckFailure, FailureKind } from "./failure.ts";
import { isOthers } from "./provider.ts";

/** What is true for some minutes after a change: Google has not yet spread a role, an API or a URL. Bursts of 429 on shared capacity, too, are longer than a moment. */
const SETTLING = new Set<FailureKind>([
  "vertex-permission",
  "api-disabled",
  "no-credentials",
  "invoker-refused",
  "no-such-service",
  "quota",
]);

/** Those of them that a deploy makes at Google, in its own project. */
const MADE = new Set<FailureKind>([
  "vertex-permission",
  "api-disabled",
  "no-credentials",
]);

/** What may be over in a moment. */
const BRIEF = new Set<FailureKind>([
  "lost-connection",
  "no-instance",
  "instance-broke",
  "not-ready",
  "redis-unreachable",
  "cooldown",
  "gateway-overload",
  "quota",
  "model-overload",
  "model-unreachable",
  "empty-answer",
]);

const BRIEF_RETRIES = 2;
const LONGEST_DELAY = 10_000;

/** LiteLLM rests a deployment for 5 s unless the config says otherwise. */
const COOLDOWN_DELAY = 6_000;

/** Whether a failure may pass because what a deploy just made is not seen everywhere yet. */
export function maySettle(
  { kind, facts }: CheckFailure,
  model: string | undefined,
  projectId: string,
): boolean {
  if (!SETTLING.has(kind)) return false;
  if (!MADE.has(kind)) return true;
  // A project by its number may be the same one.
  return !isOthers(model) && (facts.project ?? projectId) === projectId;
}

/** Milliseconds before the next attempt; undefined where another one is pointless. */
export function retryDelay(
  failure: CheckFailure,
  retries: number,
  options: { settling: boolean; firstDelay: number },
): number | undefined {
  const again =
    options.settling || (BRIEF.has(failure.kind) && retries < BRIEF_RETRIES);
  if (!again) return undefined;
  const asked = (failure.facts.retryAfterSeconds ?? 0) * 1000;
  const atLeast = failure.kind === "cooldown" ? COOLDOWN_DELAY : asked;
  const delay = Math.max(atLeast, options.firstDelay * 2 ** retries);
  return Math.min(delay, LONGEST_DELAY);
}
