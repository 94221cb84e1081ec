import type { BadAnswer } from "./bad-answer.ts";
import { CheckFailure } from "./failure.ts";
import { classifyFrontEnd } from "./front-end.ts";
import { classifyProviderError } from "./provider-error.ts";
import { type LitellmError, readLitellmError } from "./litellm-error.ts";
import { shorten } from "./shorten.ts";

/** Says who answered (Google's front end, LiteLLM, Gemini through LiteLLM) and what is wrong. */
export function classifyAnswer(answer: BadAnswer): CheckFailure {
  const error = readLitellmError(answer.json);
  if (error === undefined) return classifyFrontEnd(answer);
  const retryAfterSeconds = readRetryAfter(answer.headers);
  const kind = ownKind(answer.status, error);
  if (kind === undefined) {
    return classifyProviderError(
      answer.status,
      error.message,
      retryAfterSeconds,
    );
  }
  return new CheckFailure(
    kind,
    `LiteLLM answered ${answer.status}: ${shorten(error.message)}`,
    retryAfterSeconds === undefined ? {} : { retryAfterSeconds },
  );
}

/** What LiteLLM says for itself, without having asked a model. */
function ownKind(status: number, error: LitellmError) {
  if (error.message.includes("Invalid model name passed in")) {
    return "unknown-name";
  }
  if (error.message.includes("No deployments available")) return "cooldown";
  if (error.type === "overloaded_error") return "gateway-overload";
  if (isKeyRefusal(status, error)) return "key-refused";
  return undefined;
}

/**
 * Whether LiteLLM refused the key. Without a database a wrong key is a 400
 * whose only mark is its text; a missing key is a 401.
 */
export function isKeyRefusal(status: number, error: LitellmError): boolean {
  if (status === 400) return error.message.includes("No connected db");
  return status === 401 && error.message.startsWith("Authentication Error");
}

function readRetryAfter(headers: Headers | undefined): number | undefined {
  const seconds = Number(headers?.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds : undefined;
}
