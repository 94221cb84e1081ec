import type { EmbeddingCreateParams } from "openai/resources/embeddings";
import { CheckFailure } from "./failure.ts";
import {
  type ModelAnswer,
  type ModelCall,
  WITHOUT_FALLBACKS,
  readCost,
  readHeaders,
} from "./model-calls.ts";
import { makeMarker } from "./probe-text.ts";

/** LiteLLM 1.108.14 with Gemini: test/clients/sdks.test.ts shows what SDKs make of it. */
const NUMBERS = `LiteLLM answers with numbers where base64 is asked for, and OpenAI's SDK for Node makes wrong vectors of them, without an error, in its versions 4 to 6: ask for encoding_format: "float" there.`;

/** One vector, asked for in base64: so do OpenAI's SDKs where the caller does not say how. */
export async function embed(call: ModelCall): Promise<ModelAnswer> {
  const body: EmbeddingCreateParams = {
    model: call.model,
    input: makeMarker(),
    encoding_format: "base64",
    ...WITHOUT_FALLBACKS,
  };
  call.run.modelCalls += 1;
  const { data, response } = await call.client.embeddings
    .create(body, { signal: call.signal })
    .withResponse();
  const deploymentId = readHeaders(call.run, response.headers);
  const { data: vectors, usage } = data as Partial<typeof data>;
  call.run.spend({
    input: usage?.prompt_tokens,
    dollars: readCost(response.headers),
  });
  const sent: unknown = vectors?.[0]?.embedding;
  const vector = toNumbers(sent);
  if (vector.length === 0 || !vector.every(Number.isFinite)) {
    throw new CheckFailure("empty-answer", "no vector in the answer");
  }
  if (vector.every((number) => number === 0)) {
    throw new CheckFailure("empty-answer", "the vector is all zeros");
  }
  const detail = `${vector.length} dimensions`;
  const hint = Array.isArray(sent) ? NUMBERS : undefined;
  return { detail, hint, deploymentId };
}

/** Without what is worth knowing of a vector that is right. */
export async function embedTacitly(call: ModelCall): Promise<ModelAnswer> {
  const { detail, deploymentId } = await embed(call);
  return { detail, deploymentId };
}

/** Numbers, or the four bytes of each (the smaller first) in base64. */
function toNumbers(sent: unknown): number[] {
  if (Array.isArray(sent)) return sent as number[];
  if (typeof sent !== "string") return [];
  const bytes = Buffer.from(sent, "base64");
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) =>
    bytes.readFloatLE(index * 4),
  );
}
