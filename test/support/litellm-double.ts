import type { ServerResponse } from "node:http";
import {
  type TestRequest,
  type TestServer,
  sendJson,
  startServer,
} from "./servers.ts";

// A gateway that answers as LiteLLM 1.108.14 does: status codes, headers and
// bodies are those of the real one, seen without a database.

export const MASTER_KEY = `sk-${"5e".repeat(32)}`;

interface Entry {
  name: string;
  id: string;
  model: string;
}

/** What it serves; the aliases are those of the router settings. */
const ENTRIES: readonly Entry[] = [
  { name: "argon", id: "id-argon", model: "vertex_ai/gemini-4-argon" },
  { name: "flash", id: "id-flash-1", model: "vertex_ai/gemini-3.8-flash" },
  { name: "flash", id: "id-flash-2", model: "vertex_ai/gemini-3.8-flash" },
  { name: "vectors", id: "id-vectors", model: "vertex_ai/gemini-embedding-2" },
];
const ALIASES: Record<string, string> = { old: "argon", secret: "argon" };
const LISTED = ["old", "argon", "flash", "vectors"];

/** Answers a request in the gateway's place; true when it has. */
export type Intruder = (
  request: TestRequest & {
    /** Name or id, where the request names a model. */
    model: string | undefined;
    /** It carries the master key. */
    authorized: boolean;
  },
  response: ServerResponse,
) => boolean;

export interface LitellmDouble extends TestServer {
  /** Replaces what the gateway does. */
  intrude(intruder: Intruder): void;
}

export async function startLitellmDouble(): Promise<LitellmDouble> {
  let intruder: Intruder = () => false;
  const server = await startServer((request, response) => {
    const model = readModel(request.body);
    const authorized = request.headers.authorization === `Bearer ${MASTER_KEY}`;
    if (!intruder({ ...request, model, authorized }, response)) {
      answerAsLitellm(request, response);
    }
  });
  return {
    ...server,
    intrude: (next) => {
      intruder = next;
    },
  };
}

function answerAsLitellm(request: TestRequest, response: ServerResponse): void {
  const path = request.path.replace(/^\/v1/, "");
  if (path === "/health/liveliness") {
    sendJson(response, 200, "I'm alive!");
  } else if (path === "/health/readiness") {
    sendJson(response, 200, { status: "healthy", db: "Not connected" });
  } else if (!checkKey(request, response)) {
    return;
  } else if (path === "/health/readiness/details") {
    sendJson(response, 200, { status: "healthy", litellm_version: "1.108.14" });
  } else if (path === "/models") {
    const data = LISTED.map((id) => ({ id, object: "model" }));
    sendJson(response, 200, { data, object: "list" });
  } else if (path === "/model/info") {
    sendJson(response, 200, { data: ENTRIES.map(toModelInfo) });
  } else {
    answerModel(request, response, path);
  }
}

/** As LiteLLM answers when a key is missing or wrong and there is no database. */
function checkKey(request: TestRequest, response: ServerResponse): boolean {
  const { authorization } = request.headers;
  if (authorization === undefined) {
    sendError(response, 401, "auth_error", NO_KEY);
    return false;
  }
  if (authorization !== `Bearer ${MASTER_KEY}`) {
    sendError(response, 400, "no_db_connection", "No connected db.");
    return false;
  }
  return true;
}

const NO_KEY = "Authentication Error, No api key passed in.";

export function sendError(
  response: ServerResponse,
  status: number,
  type: string,
  message: string,
  headers: Record<string, string> = {},
): void {
  const error = { message, type, param: null, code: String(status) };
  sendJson(response, status, { error }, headers);
}

function toModelInfo(entry: Entry): object {
  return {
    model_name: entry.name,
    litellm_params: { model: entry.model },
    model_info: { id: entry.id, db_model: false },
  };
}

function answerModel(
  request: TestRequest,
  response: ServerResponse,
  path: string,
): void {
  const model = readModel(request.body) ?? "";
  const name = ALIASES[model] ?? model;
  const entry = ENTRIES.find((e) => e.id === model || e.name === name);
  if (entry === undefined) {
    const message = `${path}: Invalid model name passed in model=${model}. Call \`/v1/models\` to view available models for your key.`;
    sendError(response, 400, "invalid_request_error", message);
    return;
  }
  const headers = answerHeaders(entry.id);
  if (path === "/embeddings") {
    const data = [{ object: "embedding", index: 0, embedding: [0.1, 0.2] }];
    sendJson(response, 200, { model, data, object: "list" }, headers);
  } else {
    sendCompletion(request, response, readPrompt(request.body), headers);
  }
}

export function answerHeaders(id: string): Record<string, string> {
  return {
    "x-litellm-model-id": id,
    "x-litellm-version": "1.108.14",
    "x-litellm-attempted-fallbacks": "0",
  };
}

/** `text` whole or streamed, as the request asks. */
export function sendCompletion(
  request: TestRequest,
  response: ServerResponse,
  text: string,
  headers: Record<string, string> = {},
  finishReason: string | null = "stop",
): void {
  if (!request.body.includes('"stream":true')) {
    const message = { role: "assistant", content: text === "" ? null : text };
    const choices = [{ index: 0, message, finish_reason: finishReason }];
    sendJson(response, 200, { id: "c", choices }, headers);
    return;
  }
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    ...headers,
  });
  const half = Math.ceil(text.length / 2);
  for (const content of [text.slice(0, half), text.slice(half)]) {
    sendChunk(response, { delta: { content } });
  }
  if (finishReason !== null) {
    sendChunk(response, { delta: {}, finish_reason: finishReason });
    response.write("data: [DONE]\n\n");
  }
  response.end();
}

export function sendChunk(response: ServerResponse, choice: object): void {
  const chunk = { id: "c", choices: [{ index: 0, ...choice }] };
  response.write(`data: ${JSON.stringify(chunk)}\n\n`);
}

function readModel(body: string): string | undefined {
  return /"model":"([^"]*)"/.exec(body)?.[1];
}

function readPrompt(body: string): string {
  const request = JSON.parse(body) as { messages: { content: string }[] };
  return request.messages[0]?.content ?? "";
}
