import type { SecretValue } from "../cli/secret-value.ts";
import type { VerifyTarget } from "./target.ts";

/** What came back, whoever sent it. */
export interface HttpAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** Undefined where the body is not JSON. */
  json: unknown;
}

export interface GatewayRequest {
  url: string;
  method?: "GET" | "POST";
  /** LiteLLM's key. */
  key?: SecretValue | undefined;
  /** For Cloud Run's invoker check. */
  identityToken?: SecretValue | undefined;
  body?: object;
  signal: AbortSignal;
}

/** One plain request, for what the OpenAI SDK has no call for. Throws what fetch throws. */
export async function sendRequest(
  { fetch }: Pick<VerifyTarget, "fetch">,
  request: GatewayRequest,
): Promise<HttpAnswer> {
  const response = await fetch(request.url, {
    method: request.method ?? "GET",
    headers: {
      ...(request.key && { authorization: `Bearer ${request.key.reveal()}` }),
      ...identityHeader(request.identityToken),
      ...(request.body && { "content-type": "application/json" }),
    },
    ...(request.body && { body: JSON.stringify(request.body) }),
    redirect: "manual",
    signal: request.signal,
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: parseJson(text),
  };
}

/** The OpenAI SDK needs `Authorization` for LiteLLM's key, so the identity has a header of its own. */
export function identityHeader(
  token: SecretValue | undefined,
): Record<string, string> {
  return token === undefined
    ? {}
    : { "X-Serverless-Authorization": `Bearer ${token.reveal()}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
