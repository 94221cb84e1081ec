import type { OpenAI } from "openai";
import type { BadAnswer } from "./bad-answer.ts";
import { identityHeader } from "./http-answer.ts";
import { isRecord } from "./litellm-error.ts";
import type { VerifyTarget } from "./target.ts";

/** Users set their base URL with and without `/v1`. */
export interface Clients {
  versioned: OpenAI;
  unversioned: OpenAI;
}

/** The real SDK, loaded when it is needed: importing it takes longer than most commands. */
export async function openClients(target: VerifyTarget): Promise<Clients> {
  const { OpenAI } = await import("openai");
  const open = (path: string): OpenAI =>
    new OpenAI({
      baseURL: `${target.baseUrl}${path}`,
      apiKey: target.masterKey.reveal(),
      // Whatever OPENAI_… says in the caller's environment is for another server.
      organization: null,
      project: null,
      adminAPIKey: null,
      defaultHeaders: identityHeader(target.identityToken),
      fetch: target.fetch,
      // Retries are ours (retry.ts), so that they can be told.
      maxRetries: 0,
      logLevel: "off",
    });
  return { versioned: open("/v1"), unversioned: open("") };
}

/** The HTTP answer inside the SDK's error, one in the middle of a stream included. */
export function readSdkError(error: unknown): BadAnswer | undefined {
  if (!(error instanceof Error) || !("error" in error)) return undefined;
  const { status, code, headers } = error as {
    status?: unknown;
    code?: unknown;
    headers?: unknown;
  };
  const body = error.error;
  const number = Number(status ?? code);
  if (!(number >= 100) && body === undefined) return undefined;
  return {
    status: number >= 100 ? number : 500,
    headers: headers instanceof Headers ? headers : undefined,
    text: error.message.replace(/^\d+ /, ""),
    json: isRecord(body) || typeof body === "string" ? { error: body } : null,
  };
}
