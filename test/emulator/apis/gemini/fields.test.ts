import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, it } from "vitest";
import * as fields from "../../../../emulator/apis/gemini/fields.ts";
import { SCHEMA } from "../../../../emulator/apis/gemini/schema-fields.ts";
import { ensureLitellm } from "../../../../emulator/machine/litellm/environment.ts";

/** Fields of Vertex AI's schemas, in both of its versions, by the schema's name without `GoogleCloudAiplatformV1`. */
let fieldsOf: (schema: string) => Set<string>;

beforeAll(async () => {
  const { sitePackages } = await ensureLitellm(() => undefined);
  const directory = "googleapiclient/discovery_cache/documents";
  const versions = ["v1", "v1beta1"].map((version) => {
    const file = path.join(
      sitePackages,
      directory,
      `aiplatform.${version}.json`,
    );
    const { schemas } = JSON.parse(readFileSync(file, "utf8")) as {
      schemas: Record<string, { properties: object }>;
    };
    const prefix = `GoogleCloudAiplatformV${version.slice(1)}`;
    return { schemas, prefix };
  });
  fieldsOf = (schema) =>
    new Set(
      versions.flatMap(({ schemas, prefix }) =>
        Object.keys(schemas[prefix + schema]?.properties ?? {}),
      ),
    );
}, 300_000);

it.each([
  ["Content", fields.CONTENT],
  ["Part", fields.PART],
  ["Tool", fields.TOOL],
  ["ToolConfig", fields.TOOL_CONFIG],
  ["FunctionCallingConfig", fields.FUNCTION_CALLING_CONFIG],
  ["FunctionDeclaration", fields.FUNCTION_DECLARATION],
  ["Schema", SCHEMA],
  ["GenerationConfig", fields.GENERATION_CONFIG],
  ["GenerationConfigThinkingConfig", fields.THINKING_CONFIG],
  ["SafetySetting", fields.SAFETY_SETTING],
  ["CountTokensRequest", fields.COUNT_TOKENS],
  ["EmbedContentRequest", fields.EMBED_CONTENT],
])(
  "every field of Google's %s is read or refused by name, and no other is",
  (schema, known) => {
    expect(new Set(Object.keys(known))).toEqual(fieldsOf(schema));
  },
);

it("a request and a cache have Google's fields, and few that LiteLLM or Google's own clients send besides", () => {
  const request = new Set(Object.keys(fields.GENERATE_ON_VERTEX));
  expect(request).toEqual(
    new Set([
      ...fieldsOf("GenerateContentRequest"),
      ...["model", "serviceTier"],
    ]),
  );
  const cache = new Set(Object.keys(fields.CACHED_CONTENT));
  for (const written of ["createTime", "updateTime", "usageMetadata"]) {
    cache.add(written);
  }
  expect(cache).toEqual(fieldsOf("CachedContent"));
});
