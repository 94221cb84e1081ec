import { classifyAnswer } from "../classify-answer.ts";
import { CheckFailure } from "../failure.ts";
import { type HttpAnswer, sendRequest } from "../http-answer.ts";
import { isRecord } from "../litellm-error.ts";
import {
  type ModelAnswer,
  type ModelCall,
  readHeaders,
} from "../model-calls.ts";

/** One request in a protocol that the OpenAI SDK does not speak. Throws CheckFailure where it is refused. */
export async function post(
  { run, signal }: ModelCall,
  path: string,
  body: object,
): Promise<HttpAnswer & Pick<ModelAnswer, "deploymentId">> {
  const { baseUrl, masterKey: key, identityToken } = run.target;
  const answer = await sendRequest(run.target, {
    url: `${baseUrl}${path}`,
    method: "POST",
    key,
    identityToken,
    body,
    signal,
  });
  if (answer.status !== 200) throw classifyAnswer(answer);
  return { ...answer, deploymentId: readHeaders(run, answer.headers) };
}

/** What the events of a stream hold. Throws CheckFailure for one that is an error. */
export function readEvents(text: string): Record<string, unknown>[] {
  const events = text
    .split("\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line) => JSON.parse(line.slice("data: ".length)) as object);
  for (const event of events) {
    if (!("error" in event)) continue;
    const headers = new Headers();
    throw classifyAnswer({ status: 500, headers, text, json: event });
  }
  if (events.length > 1) return events as Record<string, unknown>[];
  throw new CheckFailure(
    "cut-stream",
    `the stream has ${events.length} events`,
  );
}

/** The `text` of each part that has one. */
export function joinText(parts: readonly unknown[]): string {
  return parts
    .map((part) =>
      isRecord(part) && typeof part.text === "string" ? part.text : "",
    )
    .join("");
}
