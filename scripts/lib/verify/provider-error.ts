import { CheckFailure, type FailureKind } from "./failure.ts";
import { shorten } from "./shorten.ts";

/**
 * What a model's provider answered to LiteLLM. LiteLLM wraps its JSON in text of
 * its own, and changes some of the status codes, so the text decides first.
 */
export function classifyProviderError(
  status: number,
  message: string,
  retryAfterSeconds?: number,
): CheckFailure {
  const text = unwrap(message);
  const project = /\bprojects\/([a-z][a-z0-9-]*)\/locations\//.exec(text)?.[1];
  const location = /\/locations\/([a-z0-9-]+)\//.exec(text)?.[1];
  const model = /\/publishers\/[a-z]+\/models\/([\w.@-]+)/.exec(text)?.[1];
  const api = /\b(aiplatform|generativelanguage)\.googleapis\.com/.exec(
    text,
  )?.[0];
  return new CheckFailure(kindOf(status, text), describe(status, text), {
    ...(project !== undefined && { project }),
    ...(location !== undefined && { location }),
    ...(model !== undefined && { model }),
    ...(api !== undefined && { api }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}

/** First match wins: the particular before the general. */
const TEXTS: readonly (readonly [RegExp, FailureKind])[] = [
  [
    /SERVICE_DISABLED|has not been used in project .* or it is disabled/,
    "api-disabled",
  ],
  [/API_KEY_\w+|API key (not valid|expired|not found)|leaked/i, "gemini-key"],
  [/User location is not supported/, "gemini-location"],
  [/aiplatform\.endpoints\.\w+|IAM_PERMISSION_DENIED/, "vertex-permission"],
  [
    /was not found or your project does not have access|is not found for API/,
    "model-not-found",
  ],
  [
    /default credentials|Compute Engine metadata|RefreshError|UNAUTHENTICATED/i,
    "no-credentials",
  ],
  [/litellm\.AuthenticationError/, "provider-key"],
  [/RESOURCE_EXHAUSTED/, "quota"],
  [/\bUNIMPLEMENTED\b/, "not-implemented"],
  [/\bUNAVAILABLE\b|overloaded/i, "model-overload"],
  [/litellm\.Timeout|DEADLINE_EXCEEDED|timed out/i, "timeout"],
  [
    /Server disconnected|Cannot connect to host|APIConnectionError/i,
    "model-unreachable",
  ],
];

function kindOf(status: number, text: string): FailureKind {
  const found = TEXTS.find(([pattern]) => pattern.test(text));
  if (found !== undefined) return found[1];
  if (status === 403) return "vertex-permission";
  if (status === 404) return "model-not-found";
  if (status === 429) return "quota";
  if (status === 400) return "model-refused";
  if (status === 501) return "not-implemented";
  return status >= 500 ? "model-overload" : "unexpected";
}

/** A streamed error is the text of a Python bytes object: `b'{"error": …}'`. */
function unwrap(message: string): string {
  const bytes = /^b'([\s\S]*)'$/.exec(message)?.[1];
  if (bytes === undefined) return message;
  return bytes.replace(/\\n/g, " ").replace(/\\'/g, "'").replace(/\\\\/g, "\\");
}

function describe(status: number, text: string): string {
  const google = readGoogleError(text);
  if (google === undefined) {
    return `LiteLLM answered ${status}: ${shorten(text)}`;
  }
  return `Gemini answered ${google.code} ${google.status}: ${shorten(google.message)}`;
}

/** The parts of an AIP-193 error somewhere inside `text`. */
function readGoogleError(text: string) {
  const message = /"message":\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  const code = /"code":\s*(\d+)/.exec(text)?.[1];
  const status = /"status":\s*"([A-Z_]+)"/.exec(text)?.[1];
  if (message === undefined || code === undefined || status === undefined) {
    return undefined;
  }
  return { code, status, message: decode(message) };
}

function decode(jsonString: string): string {
  try {
    return String(JSON.parse(jsonString));
  } catch {
    return jsonString.slice(1, -1);
  }
}
