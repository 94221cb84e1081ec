import type { Response } from "openai/resources/responses/responses";
import { classifyAnswer } from "../classify-answer.ts";
import { CheckFailure } from "../failure.ts";
import {
  type ModelAnswer,
  type ModelCall,
  WITHOUT_FALLBACKS,
  readCost,
  readHeaders,
} from "../model-calls.ts";
import {
  MAX_TOKENS,
  assessAnswer,
  makeMarker,
  makePrompt,
} from "../probe-text.ts";

// OpenAI's responses, which Codex speaks.

export async function respondWhole(call: ModelCall): Promise<ModelAnswer> {
  const { run, client, model, signal } = call;
  const marker = makeMarker();
  run.modelCalls += 1;
  const { data, response } = await client.responses
    .create({ ...bodyOf(model, marker), stream: false }, { signal })
    .withResponse()
    .catch(readNoJson);
  const deploymentId = readHeaders(run, response.headers);
  return { detail: assess(call, marker, data, response.headers), deploymentId };
}

export async function respondStreamed(call: ModelCall): Promise<ModelAnswer> {
  const { run, client, model, signal } = call;
  const marker = makeMarker();
  run.modelCalls += 1;
  const { data, response } = await client.responses
    .create({ ...bodyOf(model, marker), stream: true }, { signal })
    .withResponse();
  const deploymentId = readHeaders(run, response.headers);
  let events = 0;
  let end: Response | undefined;
  for await (const event of data) {
    events += 1;
    if (event.type === "error") throw refuse(event.message);
    if (event.type === "response.failed") {
      throw refuse(event.response.error?.message ?? "");
    }
    if (event.type === "response.completed") end = event.response;
    if (event.type === "response.incomplete") end = event.response;
  }
  if (end === undefined) {
    throw new CheckFailure(
      "cut-stream",
      `the stream ended after ${events} events without response.completed`,
    );
  }
  const detail = assess(call, marker, end, response.headers);
  return { detail: `${detail}, ${events} events`, deploymentId };
}

/** The SDK looks into a text as if it were an answer. */
function readNoJson(error: unknown): never {
  throw error instanceof TypeError
    ? new SyntaxError(error.message, { cause: error })
    : error;
}

/** What LiteLLM says in a stream of a model that failed. */
function refuse(message: string): CheckFailure {
  const json = { error: { message } };
  return classifyAnswer({ status: 500, text: message, json });
}

function bodyOf(model: string, marker: string) {
  return {
    model,
    input: makePrompt(marker),
    max_output_tokens: MAX_TOKENS,
    ...WITHOUT_FALLBACKS,
  };
}

function assess(
  { run }: ModelCall,
  marker: string,
  response: Partial<Response>,
  headers: Headers,
): string {
  const { output = [], usage, incomplete_details: incomplete } = response;
  run.spend({
    input: usage?.input_tokens,
    output: usage?.output_tokens,
    dollars: readCost(headers, usage),
  });
  const text = output
    .flatMap((item) => (item.type === "message" ? item.content : []))
    .map((part) => (part.type === "output_text" ? part.text : ""))
    .join("");
  const reason = incomplete?.reason;
  const isLong = reason === "max_output_tokens";
  return assessAnswer(marker, text, isLong ? "length" : reason);
}
