import { claudeRoutes } from "../../emulator/apis/anthropic/vertex.ts";
import type { Cloud, Member } from "../../emulator/core/cloud.ts";
import {
  type GeminiServer,
  startGemini,
} from "../../emulator/apis/gemini/server.ts";
import { Cloud as NewCloud } from "../../emulator/core/cloud.ts";
import { geminiOf, newGeminiApiKey } from "../../emulator/apis/gemini/state.ts";

/** Has a name without a date of retirement in config/models.json. */
export const CHAT_MODEL = "gemini-3.8-flash";

export interface TestGemini {
  cloud: Cloud;
  apiKey: string;
  server: GeminiServer;
  /** Calls Vertex AI as `caller`, `user:owner@example.com` unless told otherwise. */
  vertex(
    call: string,
    body: object,
    options?: { caller?: Member; location?: string; project?: string },
  ): Promise<Response>;
  /** Calls the Gemini API with the key. */
  gemini(call: string, body: object, key?: string): Promise<Response>;
  /** The status and message of an error. */
  errorOf(response: Promise<Response>): Promise<[number, string]>;
}

/** The emulated Gemini alone, with a project `demo-gemini` that has enabled Vertex AI. */
export async function startTestGemini(): Promise<TestGemini> {
  const cloud = new NewCloud();
  const project = cloud.createProject("demo-gemini", "user:owner@example.com");
  project.enabledApis.add("aiplatform.googleapis.com");
  const apiKey = newGeminiApiKey(geminiOf(cloud));
  const server = await startGemini(cloud, () => undefined, [
    claudeRoutes(cloud),
  ]);
  const post = (path: string, headers: Record<string, string>, body: object) =>
    fetch(server.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  return {
    cloud,
    apiKey,
    server,
    vertex: (call, body, options = {}) => {
      const { caller = "user:owner@example.com", location = "global" } =
        options;
      const { project: projectId = "demo-gemini" } = options;
      return post(
        `/v1/projects/${projectId}/locations/${location}/publishers/google/models/${call}`,
        { authorization: `Bearer ${cloud.newAccessToken(caller)}` },
        body,
      );
    },
    gemini: (call, body, key = apiKey) =>
      post(`/v1beta/models/${call}`, { "x-goog-api-key": key }, body),
    errorOf: async (response) => {
      const { status, json } = await response.then(async (r) => ({
        status: r.status,
        json: (await r.json()) as { error: { message: string } },
      }));
      return [status, json.error.message];
    },
  };
}

/** A request with one turn of the user. */
export function prompt(text: string, changes: object = {}): object {
  return { contents: [{ role: "user", parts: [{ text }] }], ...changes };
}
