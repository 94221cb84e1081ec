import type { Response as Answer } from "undici";
import { UserError } from "../cli/errors.ts";
import { timed } from "../cli/timings.ts";
import { say } from "../cli/terminal.ts";
import type { GcloudContext } from "./context.ts";
import { type Trouble, readRetrySeconds, retry } from "./retry.ts";

/** For one try, the whole answer included. */
const CALL_SECONDS = 30;

/**
 * Answers after which the same call may succeed (Google's AIP-194, and what
 * gcloud repeats). 409: what changes nothing can only be ABORTED, never be there already.
 */
const PASSING = new Set([408, 409, 429, 500, 502, 503, 504]);

/** Failures of the connection that may pass; a wrong certificate or a proxy that refuses does not. */
const PASSING_CODES =
  /^(E(CONNRESET|CONNREFUSED|CONNABORTED|PIPE|TIMEDOUT|NETUNREACH|NETDOWN|HOSTUNREACH|NOTFOUND|AI_AGAIN)|UND_ERR_(SOCKET|CONNECT_TIMEOUT|HEADERS_TIMEOUT|BODY_TIMEOUT|RES_CONTENT_LENGTH_MISMATCH))$/;

export interface HttpRequest {
  method: string;
  headers: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
  signal?: AbortSignal | undefined;
  /** It changes nothing: it may be sent as often as needed. */
  repeatable: boolean;
}

/** Sends a request on gcloud's way, and again where that is safe and may help. */
export type Send = (url: URL, request: HttpRequest) => Promise<Response>;

/**
 * What it sends fails with a UserError where nobody answers; any answer is
 * returned. Throws InputError where the way to Google cannot be used.
 */
export function createSend(
  context: GcloudContext,
  { callSeconds = CALL_SECONDS } = {},
): Send {
  let opened: ReturnType<typeof openWay> | undefined;
  const seconds = readRetrySeconds();
  const tell = once(say);
  return async (url, { repeatable, signal, ...request }) => {
    const { fetch, dispatcher } = await (opened ??= openWay(context));
    const timeout = (): AbortSignal => AbortSignal.timeout(callSeconds * 1000);
    const sendOnce = async (): Promise<Response> => {
      const signals = signal === undefined ? [] : [signal];
      const answer = await fetch(url, {
        ...request,
        dispatcher,
        signal: AbortSignal.any([timeout(), ...signals]),
      });
      return readWhole(answer);
    };
    return retry(() => timed("reads", sendOnce).then(...judge(url)), {
      seconds: repeatable ? seconds : 0,
      tell,
    });
  };
}

async function openWay(context: GcloudContext) {
  const [{ fetch }, { openRoute }] = await Promise.all([
    import("./undici.ts"),
    import("./route.ts"),
  ]);
  return { fetch, dispatcher: openRoute(context) };
}

/** What an answer means, and what a failure does. */
function judge(
  url: URL,
): [
  (answer: Response) => { done: Response } | Trouble<Response>,
  (cause: unknown) => Trouble<Response>,
] {
  return [
    (answer) => {
      if (!PASSING.has(answer.status)) return { done: answer };
      return {
        why: `${url.host} answers ${String(answer.status)}`,
        pause: readRetryAfter(answer.headers),
        giveUp: () => answer,
      };
    },
    (cause) => {
      const { reason, passes } = explain(cause);
      const error = new UserError(`${url.host} cannot be reached: ${reason}`, {
        hint: "Check the network, and the proxy and certificates that gcloud uses (docs/troubleshooting.md): gcloud info --run-diagnostics",
        cause,
      });
      if (!passes) throw error;
      const giveUp = (): never => {
        throw error;
      };
      return { why: `${url.host} cannot be reached (${reason})`, giveUp };
    },
  ];
}

/** The answer once all of it is here: a connection that breaks half-way is a failure of the call. */
async function readWhole(answer: Answer): Promise<Response> {
  const body = await answer.arrayBuffer();
  return new Response(body.byteLength === 0 ? null : body, {
    status: answer.status,
    headers: [...answer.headers],
  });
}

/** undici says "fetch failed"; what failed is in the cause. */
function explain(error: unknown): { reason: string; passes: boolean } {
  if (!(error instanceof Error)) return { reason: "?", passes: false };
  if (error.name === "TimeoutError")
    return { reason: "no answer", passes: true };
  const inner =
    error instanceof AggregateError
      ? (error.errors[0] as unknown)
      : error.cause;
  const code = "code" in error ? String(error.code) : "";
  if (PASSING_CODES.test(code)) return { reason: code, passes: true };
  if (inner instanceof Error) return explain(inner);
  return { reason: error.message || code, passes: false };
}

/** Seconds, or a date (RFC 9110). */
function readRetryAfter(headers: Headers): number | undefined {
  const text = headers.get("retry-after");
  if (text === null) return undefined;
  const seconds = /^\d+$/.test(text)
    ? Number(text)
    : (Date.parse(text) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

/** Many reads run side by side: one word for all of them. */
function once(tell: (line: string) => void): (line: string) => void {
  let told = false;
  return (line) => {
    if (!told) tell(line);
    told = true;
  };
}
