import { UserError } from "../cli/errors.ts";
import type { SecretValue } from "../cli/secret-value.ts";
import { classifyConnectionError } from "../verify/connection-error.ts";
import { identityHeader } from "../verify/http-answer.ts";
import { MAX_TOKENS, makeMarker, makePrompt } from "../verify/probe-text.ts";
import { redact } from "../verify/redact.ts";
import type { Failure, Sent } from "./call.ts";
import { readAnswer } from "./read-answer.ts";

/** Who is called, and how. */
export interface LoadTarget {
  /** Without a path. */
  url: string;
  model: string;
  stream: boolean;
  masterKey: SecretValue;
  /** What is asked; by default for a short answer, by a text that no cache knows. */
  prompt?: string;
  /** What Cloud Run's invoker check wants to see, as it is now; undefined where it asks for none. */
  identity: (() => Promise<SecretValue>) | undefined;
  fetch: typeof fetch;
}

/** By it the request log tells our calls from others'. */
export const USER_AGENT = "litellm-cloudrun-load";

/** A call that takes longer has failed. */
const CALL_SECONDS = 60;

/** Sends one chat call with a prompt that no cache knows. Throws only what is a bug of our own. */
export function createSend(
  target: LoadTarget,
  now: () => number,
): () => Promise<Sent> {
  return async () => {
    const signal = AbortSignal.timeout(CALL_SECONDS * 1000);
    let token: SecretValue | undefined;
    let started = now();
    let first: number | undefined;
    const hide = (failure: Failure): Failure => ({
      ...failure,
      words: redact(failure.words, [target.masterKey, token]),
    });
    try {
      token = await target.identity?.();
      started = now();
      const response = await post(target, token, signal);
      const failure = await readAnswer(response, target.stream, () => {
        first ??= now();
      });
      return { started, first, failure: failure && hide(failure) };
    } catch (error) {
      const failure = signal.aborted ? TIMED_OUT : toFailure(error);
      if (failure === undefined) throw error;
      return { started, first, failure: hide(failure) };
    }
  };
}

const TIMED_OUT: Failure = {
  kind: "timeout",
  words: `no complete answer within ${CALL_SECONDS} s`,
};

function post(
  { url, model, stream, masterKey, fetch, prompt }: LoadTarget,
  token: SecretValue | undefined,
  signal: AbortSignal,
): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${masterKey.reveal()}`,
      ...identityHeader(token),
      "content-type": "application/json",
      "user-agent": USER_AGENT,
    },
    body: JSON.stringify({
      model,
      messages: [{ role: "user", content: prompt ?? makePrompt(makeMarker()) }],
      max_tokens: MAX_TOKENS,
      stream,
    }),
    redirect: "manual",
    signal,
  });
}

/** Undefined for a bug of our own. */
function toFailure(error: unknown): Failure | undefined {
  if (error instanceof UserError) {
    return { kind: "invoker-refused", words: error.message };
  }
  const broken = classifyConnectionError(error);
  return broken && { kind: broken.kind, words: broken.message };
}
