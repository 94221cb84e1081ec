import { CheckFailure, type FailureKind } from "./failure.ts";
import { shorten } from "./shorten.ts";

const KINDS: Record<string, FailureKind> = {
  ECONNREFUSED: "refused-connection",
  ENOTFOUND: "unknown-host",
  EAI_AGAIN: "unknown-host",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
};

/** A failure of the connection itself, from fetch or the OpenAI SDK; undefined for other errors. */
export function classifyConnectionError(
  error: unknown,
): CheckFailure | undefined {
  const chain = causesOf(error);
  for (const cause of chain) {
    const code = codeOf(cause);
    const kind = KINDS[code];
    if (kind !== undefined) return new CheckFailure(kind, `no answer: ${code}`);
  }
  if (!chain.some(isConnectionError)) return undefined;
  const deepest = chain.at(-1)?.message ?? "";
  return new CheckFailure(
    "lost-connection",
    `the connection broke: ${shorten(deepest)}`,
  );
}

/** The error and its causes, outermost first; several failed addresses of one host count as causes. */
function causesOf(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  const inner: unknown[] =
    error instanceof AggregateError ? error.errors : [error.cause];
  return [error, ...inner.flatMap(causesOf)];
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}

function isConnectionError(error: Error): boolean {
  return (
    error.constructor.name === "APIConnectionError" ||
    codeOf(error).startsWith("UND_ERR_") ||
    codeOf(error) === "ECONNRESET" ||
    (error instanceof TypeError && error.message === "fetch failed")
  );
}
