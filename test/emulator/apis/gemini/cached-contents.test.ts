import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CHAT_MODEL,
  prompt,
  startTestGemini,
  type TestGemini,
} from "../../../support/gemini.ts";

let test: TestGemini;

beforeAll(async () => {
  test = await startTestGemini();
});

afterAll(() => test.server.close());

const LONG = "word ".repeat(1000);
const OWNER = "user:owner@example.com";
const PROJECT = "projects/demo-gemini/locations/global";

/** Calls either API below the place where caches stand. */
async function call(
  api: string,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; json: Record<string, unknown> }> {
  const isVertex = api === "Vertex AI";
  const base = isVertex ? `/v1/${PROJECT}` : "/v1beta";
  const response = await fetch(`${test.server.url}${base}/${path}`, {
    method,
    headers: isVertex
      ? { authorization: `Bearer ${test.cloud.newAccessToken(OWNER)}` }
      : { "x-goog-api-key": test.apiKey },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const json = (await response.json()) as Record<string, unknown>;
  return { status: response.status, json };
}

const modelOf = (api: string) =>
  api === "Vertex AI"
    ? `${PROJECT}/publishers/google/models/${CHAT_MODEL}`
    : `models/${CHAT_MODEL}`;

const generatePath = (api: string) =>
  `${api === "Vertex AI" ? "publishers/google/" : ""}models/${CHAT_MODEL}:generateContent`;

describe.each(["the Gemini API", "Vertex AI"])("on %s a cache", (api) => {
  const create = (changes: object = {}) =>
    call(api, "POST", "cachedContents", {
      ...prompt(LONG),
      model: modelOf(api),
      ...changes,
    });

  it("is made, listed, used, deleted, and then gone", async () => {
    const made = await create({
      systemInstruction: { parts: [{ text: "Be brief." }] },
    });
    expect(made.status, JSON.stringify(made.json)).toBe(200);
    const { name, usageMetadata } = made.json as {
      name: string;
      usageMetadata: { totalTokenCount: number };
    };
    const id = name.split("/").at(-1) ?? "";
    const got = await call(api, "GET", `cachedContents/${id}`);
    expect(got.json).toEqual(made.json);
    const listed = await call(api, "GET", "cachedContents");
    expect(listed.json).toEqual({ cachedContents: [made.json] });
    const used = await call(api, "POST", generatePath(api), {
      ...prompt("And now?"),
      cachedContent: name,
    });
    expect(used.json.usageMetadata).toMatchObject({
      cachedContentTokenCount: usageMetadata.totalTokenCount,
    });
    const removed = await call(api, "DELETE", `cachedContents/${id}`);
    expect([removed.status, removed.json]).toEqual([200, {}]);
    const again = await call(api, "POST", generatePath(api), {
      ...prompt("And now?"),
      cachedContent: name,
    });
    expect([again.status, again.json]).toMatchObject([
      403,
      { error: { message: "CachedContent not found (or permission denied)" } },
    ]);
    expect((await call(api, "GET", "cachedContents")).json).toEqual({});
  });

  it("is refused when it is too small, and together with what it should hold", async () => {
    const small = await create(prompt("twelve chars"));
    expect(small.json).toMatchObject({
      error: {
        message:
          "Cached content is too small. total_token_count=3, min_total_token_count=1024",
      },
    });
    const { json } = await create();
    const both = await call(api, "POST", generatePath(api), {
      ...prompt("x"),
      cachedContent: json.name,
      systemInstruction: { parts: [{ text: "Be brief." }] },
    });
    expect([both.status, JSON.stringify(both.json)]).toEqual([
      400,
      expect.stringContaining(
        "CachedContent can not be used with GenerateContent request setting",
      ),
    ]);
  });

  it("is kept for an hour, or as long as it says, and not for no time", async () => {
    const lifetime = async (changes: object) => {
      const { json } = await create(changes);
      const { createTime, expireTime } = json as Record<string, string>;
      return (
        (Date.parse(expireTime ?? "") - Date.parse(createTime ?? "")) / 1000
      );
    };
    expect(await lifetime({})).toBe(3600);
    expect(await lifetime({ ttl: "300s" })).toBe(300);
    expect((await create({ ttl: "0s" })).status).toBe(400);
  });
});
