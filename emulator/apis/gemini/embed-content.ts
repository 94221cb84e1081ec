import type { Context } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import { parseJson } from "../../core/json-problems.ts";
import {
  bool,
  int64,
  list,
  message,
  type Message,
  string,
} from "../../core/message.ts";
import { countTokens } from "../model/text.ts";
import { embed } from "./embedding.ts";
import { EMBED_CONTENT, TASK_TYPE } from "./fields.ts";
import type { Model } from "./models.ts";
import { invalid, notDone, read } from "./request.ts";
import { textOf } from "./usage.ts";

const EMBED = message(EMBED_CONTENT);
const BATCH = message({ requests: list(EMBED) });

/** `:predict` takes any JSON; these are the members for text embeddings ("Text embeddings API"). */
const PREDICT = message({
  instances: list(
    message({ content: string, title: string, taskType: TASK_TYPE }),
  ),
  parameters: message({ outputDimensionality: int64, autoTruncate: bool }),
});

/** `:embedContent`: one vector for all parts together. */
export async function embedContent(
  c: Context<ApiEnv>,
  model: Model,
): Promise<Response> {
  const sent = read(parseJson(await c.req.text()), EMBED);
  const { text, values } = embedOne(sent, model);
  const promptTokenCount = countTokens(text);
  return c.json({
    embedding: { values },
    usageMetadata: { promptTokenCount, totalTokenCount: promptTokenCount },
  });
}

/** `:batchEmbedContents` of the Gemini API: one vector a request. */
export async function batchEmbedContents(
  c: Context<ApiEnv>,
  model: Model,
): Promise<Response> {
  const { requests = [] } = read(parseJson(await c.req.text()), BATCH);
  const embeddings = requests.map((one) => ({
    values: embedOne(one, model).values,
  }));
  return c.json({ embeddings });
}

/** `:predict` of Vertex AI's text embeddings: one vector an instance. */
export async function predictEmbeddings(
  c: Context<ApiEnv>,
  model: Model,
): Promise<Response> {
  const sent = read(parseJson(await c.req.text()), PREDICT);
  const { instances = [], parameters = {} } = sent;
  const size = dimensionsOf(parameters.outputDimensionality, model);
  const predictions = instances.map(({ content = "" }) => ({
    embeddings: {
      values: embed(content, size),
      statistics: { token_count: countTokens(content), truncated: false },
    },
  }));
  return c.json({ predictions });
}

function embedOne(
  sent: Message<typeof EMBED_CONTENT>,
  model: Model,
): { text: string; values: number[] } {
  const { content = {}, embedContentConfig = {} } = sent;
  const other = content.parts?.find((part) => part.text === undefined);
  if (other !== undefined) throw notDone("embeddings of other parts than text");
  const text = textOf([content]);
  const asked =
    sent.outputDimensionality ?? embedContentConfig.outputDimensionality;
  return { text, values: embed(text, dimensionsOf(asked, model)) };
}

function dimensionsOf(asked: number | undefined, model: Model): number {
  const size = asked ?? model.vectorSize;
  if (size >= 1 && size <= model.vectorSize) return size;
  throw invalid(
    `Unable to submit request because it has an outputDimensionality value of ${size} but the supported range is from 1 (inclusive) to ${model.vectorSize} (inclusive). Update the value and try again.`,
  );
}
