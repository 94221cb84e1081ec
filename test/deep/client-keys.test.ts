import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { ensureLitellm } from "../../emulator/machine/litellm/environment.ts";
import { MASTER_KEY } from "../support/litellm-double.ts";
import {
  type LitellmGround,
  startLitellmGround,
} from "../support/litellm-instance.ts";

// The real LiteLLM with config/client_keys.py: what a client key may, and what not.

const ALL = "sk-client-with-all-models";
const ONE = "sk-client-with-one-model";
const NEW = "sk-client-with-all-models-anew";
const LIMITED = "sk-client-with-a-limit";
const MODEL = "gemini-3.8-flash";
const OTHER = "gemini-3.5-flash";

interface Entry {
  name: string;
  sha256: string;
  models?: string[];
  requestsPerMinute?: number;
}

const entry = (name: string, key: string): Entry => ({
  name,
  sha256: createHash("sha256").update(key).digest("hex"),
});
const KEYS: Entry[] = [
  entry("all", ALL),
  { ...entry("one", ONE), models: [MODEL] },
  { ...entry("limited", LIMITED), requestsPerMinute: 2 },
];
const CONFIG = readFileSync("config/litellm.vertex.yaml", "utf8").replace(
  "general_settings:\n",
  `general_settings:
  custom_auth: client_keys.authenticate
  custom_auth_run_common_checks: true
`,
);

let ground: LitellmGround;
let url: string;
/** What the secret holds; undefined: it cannot be read. */
let list: Entry[] | undefined = KEYS;
const lines: string[] = [];

beforeAll(async () => {
  ground = await startLitellmGround();
  ({ url } = await ground.start({
    config: CONFIG,
    masterKey: MASTER_KEY,
    log: (line) => {
      lines.push(line);
    },
    files: [
      {
        path: "/secrets/client_keys.py",
        read: () => readFileSync("config/client_keys.py"),
      },
      {
        path: "/client-keys/client-keys.json",
        read: () => {
          if (list === undefined) throw new Error("denied");
          return Buffer.from(JSON.stringify({ keys: list }));
        },
      },
    ],
  }));
}, 300_000);
afterAll(() => ground.close());

const HEADERS = {
  authorization: (key: string) => `Bearer ${key}`,
  "x-api-key": (key: string) => key,
  "x-goog-api-key": (key: string) => key,
};

async function ask(
  key: string,
  header: keyof typeof HEADERS,
  path: string,
  body: object,
): Promise<[number, string]> {
  const response = await fetch(`${url}${path}`, {
    method: "POST",
    headers: {
      [header]: HEADERS[header](key),
      "content-type": "application/json",
    },
    body: JSON.stringify(body),
  });
  return [response.status, await response.text()];
}

/** Every protocol that clients speak, with a model. */
const CALLS = {
  chat: (key: string, model: string) =>
    ask(key, "authorization", "/v1/chat/completions", {
      model,
      messages: [{ role: "user", content: "x" }],
    }),
  responses: (key: string, model: string) =>
    ask(key, "authorization", "/v1/responses", { model, input: "x" }),
  messages: (key: string, model: string) =>
    ask(key, "x-api-key", "/v1/messages", {
      model,
      max_tokens: 100,
      messages: [{ role: "user", content: "x" }],
    }),
  gemini: (key: string, model: string) =>
    ask(key, "x-goog-api-key", `/v1beta/models/${model}:generateContent`, {
      contents: [{ role: "user", parts: [{ text: "x" }] }],
    }),
};

const chat = (key: string, model = MODEL) => CALLS.chat(key, model);

it.each(Object.entries(CALLS))(
  "%s answers a client key, and refuses models outside of its list",
  async (_, call) => {
    expect(await call(ALL, OTHER)).toEqual([200, expect.anything()]);
    expect(await call(ONE, MODEL)).toEqual([200, expect.anything()]);
    expect(await call(ONE, OTHER)).toEqual([403, expect.anything()]);
    expect(await call("sk-nobody", MODEL)).toEqual([
      400,
      expect.stringContaining("No connected db"),
    ]);
    expect(await call(MASTER_KEY, OTHER)).toEqual([200, expect.anything()]);
  },
);

it("embeds, and lists the models of the key alone", async () => {
  const open = (apiKey: string) =>
    new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
  const request = { model: "gemini-embedding-001", input: "x" };
  const { data } = await open(ALL).embeddings.create(request);
  expect(data).toHaveLength(1);
  const list = async (key: string) =>
    (await open(key).models.list()).data.map(({ id }) => id).sort();
  expect(await list(ONE)).toEqual([MODEL]);
  expect(await list(ALL)).toEqual(await list(MASTER_KEY));
});

it("ends at the limit of a key", async () => {
  const statuses: number[] = [];
  for (let call = 0; call < 3; call += 1) {
    const [status] = await chat(LIMITED);
    statuses.push(status);
  }
  expect(statuses).toEqual([200, 200, 429]);
});

/** All routes of LiteLLM, those besides that no document lists. */
async function listRoutes(): Promise<[string, string][]> {
  const { python } = await ensureLitellm(() => undefined);
  const script = `
import json
from fastapi.routing import iter_route_contexts
from litellm.proxy._lazy_features import register_all_features
from litellm.proxy.proxy_server import app
register_all_features(app)
print("ROUTES " + json.dumps([[method, route.path]
    for route in iter_route_contexts(app.routes)
    for method in sorted(getattr(route, "methods", None) or [])]))
`;
  const { stdout } = await promisify(execFile)(python, ["-c", script], {
    env: { ...process.env, LITELLM_LOCAL_MODEL_COST_MAP: "True" },
    maxBuffer: 1e8,
  });
  const line = stdout.split("\n").find((one) => one.startsWith("ROUTES "));
  return JSON.parse((line ?? "").slice(7)) as [string, string][];
}

it("lets a client key to no other route than those of clients", async () => {
  const routes = await listRoutes();
  expect(routes.length).toBeGreaterThan(500);
  const open: string[] = [];
  const call = async (method: string, path: string, key?: string) => {
    const response = await fetch(url + path.replaceAll(/\{[^}]*\}/g, "x"), {
      method,
      redirect: "manual",
      headers: {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        "content-type": "application/json",
      },
      ...(!["GET", "HEAD"].includes(method) && { body: "{}" }),
    });
    await response.body?.cancel();
    return response.status;
  };
  for (const [method, path] of routes) {
    const status = await call(method, path, ALL);
    if ([401, 403].includes(status)) continue;
    const without = await call(method, path);
    if (status === without) continue;
    open.push(`${method} ${path} ${status} (${without})`);
  }
  expect(open).toMatchInlineSnapshot(`
    [
      "GET /models 200 (401)",
      "GET /v1/models 200 (401)",
      "GET /models/{model_id} 404 (401)",
      "GET /v1/models/{model_id} 404 (401)",
      "POST /chat/completions 400 (401)",
      "POST /v1/chat/completions 400 (401)",
      "POST /completions 400 (401)",
      "POST /v1/completions 400 (401)",
      "POST /embeddings 400 (401)",
      "POST /v1/embeddings 400 (401)",
      "POST /audio/speech 400 (401)",
      "POST /v1/audio/speech 400 (401)",
      "POST /audio/transcriptions 422 (401)",
      "POST /v1/audio/transcriptions 422 (401)",
      "POST /responses 400 (401)",
      "POST /v1/responses 400 (401)",
      "POST /responses/compact 400 (401)",
      "POST /v1/responses/compact 400 (401)",
      "POST /responses/input_tokens 400 (401)",
      "POST /v1/responses/input_tokens 400 (401)",
      "POST /rerank 400 (401)",
      "POST /v1/rerank 400 (401)",
      "POST /images/generations 400 (401)",
      "POST /v1/images/generations 400 (401)",
      "POST /images/edits 400 (401)",
      "POST /v1/images/edits 400 (401)",
      "POST /models/{model_name:path}:generateContent 400 (401)",
      "POST /v1beta/models/{model_name:path}:generateContent 400 (401)",
      "POST /models/{model_name:path}:streamGenerateContent 400 (401)",
      "POST /v1beta/models/{model_name:path}:streamGenerateContent 400 (401)",
      "POST /models/{model_name:path}:countTokens 200 (401)",
      "POST /v1beta/models/{model_name:path}:countTokens 200 (401)",
      "POST /v1/messages 400 (401)",
      "POST /v1/messages/count_tokens 400 (401)",
    ]
  `);
}, 900_000);

/** Asks one call after the other with a key that may change; what did not answer 200 is kept. */
function startLoad(key: string) {
  const failed: number[] = [];
  const load = { key, answered: 0, failed, end: () => Promise.resolve() };
  let goesOn = true;
  const asking = Array.from({ length: 3 }, async () => {
    while (goesOn) {
      const [status] = await chat(load.key);
      if (status === 200) load.answered += 1;
      else failed.push(status);
    }
  });
  load.end = async () => {
    goesOn = false;
    await Promise.all(asking);
  };
  return load;
}

async function awaitStatus(key: string, status: number): Promise<void> {
  await vi.waitFor(
    async () => {
      expect((await chat(key))[0]).toBe(status);
    },
    { timeout: 90_000, interval: 500 },
  );
}

it("moves a client from key to key under load without a failed request, and the old key ends", async () => {
  const load = startLoad(ALL);
  list = [...KEYS, entry("all", NEW)];
  await awaitStatus(NEW, 200);
  load.key = NEW;
  list = list.filter(({ sha256 }) => sha256 !== entry("all", ALL).sha256);
  await awaitStatus(ALL, 400);
  await load.end();
  expect(load.failed).toEqual([]);
  expect(load.answered).toBeGreaterThan(10);
  const { name, sha256 } = entry("all", NEW);
  const line = `client key ${name} (${sha256.slice(0, 12)}): POST /v1/chat/completions`;
  expect(lines.some((one) => one.includes(line))).toBe(true);
  expect(lines.join("\n")).not.toContain(NEW);
}, 300_000);

it("keeps the last list where it cannot be read, and says so", async () => {
  list = undefined;
  await vi.waitFor(
    async () => {
      await chat(ONE);
      const failed = lines.find((line) =>
        line.includes("client keys: reading"),
      );
      expect(failed).toContain('"severity": "ERROR"');
    },
    { timeout: 90_000, interval: 500 },
  );
  expect((await chat(ONE))[0]).toBe(200);
  list = KEYS;
}, 300_000);
