import type { Context } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import { countTokens, textOf } from "./answer.ts";
import { embed } from "./embedding.ts";
import type { Model } from "./models.ts";
import { asArray, asObject, readContent, toCamelCase } from "./request.ts";

/** `:embedContent`: one vector for all parts together. */
export async function embedContent(
  c: Context<ApiEnv>,
  model: Model,
): Promise<Response> {
  const { text, values } = embedOne(await c.req.json(), model);
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
  const { requests } = asObject(await c.req.json());
  const embeddings = asArray(requests).map((one) => ({
    values: embedOne(one, model).values,
  }));
  return c.json({ embeddings });
}

/** `:predict` of Vertex AI's text embeddings: one vector an instance. */
export async function predictEmbeddings(
  c: Context<ApiEnv>,
  model: Model,
): Promise<Response> {
  const json = asObject(await c.req.json());
  const parameters = toCamelCase(asObject(json.parameters ?? {}));
  const predictions = asArray(json.instances).map((instance) => {
    const { content } = asObject(instance);
    const text = typeof content === "string" ? content : "";
    return {
      embeddings: {
        values: embed(text, dimensionsOf(parameters, model)),
        statistics: { token_count: countTokens(text), truncated: false },
      },
    };
  });
  return c.json({ predictions });
}

function embedOne(
  body: unknown,
  model: Model,
): { text: string; values: number[] } {
  const json = toCamelCase(asObject(body));
  const config = toCamelCase(asObject(json.embedContentConfig ?? {}));
  const text = textOf([readContent(json.content)]);
  return {
    text,
    values: embed(text, dimensionsOf({ ...config, ...json }, model)),
  };
}

function dimensionsOf(json: Record<string, unknown>, model: Model): number {
  const dimensions = json.outputDimensionality;
  return typeof dimensions === "number" ? dimensions : model.vectorSize;
}
