import { writeFile } from "node:fs/promises";
import path from "node:path";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  geminiOf,
  newGeminiApiKey,
  noFaults,
} from "../../emulator/apis/gemini/state.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

// Vertex AI with the Gemini API behind it, by two keys, with the real LiteLLM.

const CONFIG = `model_list:
  - model_name: flash
    litellm_params: {model: vertex_ai/gemini-3.8-flash}
  - model_name: backup
    litellm_params: {model: gemini/gemini-3.5-flash, api_key: os.environ/GEMINI_API_KEY}
  - model_name: backup
    litellm_params: {model: gemini/gemini-3.5-flash, api_key: os.environ/GEMINI_API_KEY_2}
litellm_settings:
  vertex_project: os.environ/PROJECT_ID
  vertex_location: os.environ/REGION
router_settings:
  fallbacks: [flash: [backup]]
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
`;

let emulator: TestEmulator;
let workspace: Workspace;
let client: OpenAI;

beforeAll(async () => {
  emulator = await startTestEmulator();
  workspace = await makeWorkspace(emulator);
  const { directory, edit } = workspace;
  await writeFile(path.join(directory, "config/team.yaml"), CONFIG);
  await edit("envs/local.env", (text) => `${text}CONFIG=config/team.yaml\n`);
  const gemini = geminiOf(emulator.cloud);
  const deployed = await workspace.script("deploy.ts", ["local", "--json"], {
    env: {
      GEMINI_API_KEY: newGeminiApiKey(gemini),
      GEMINI_API_KEY_2: newGeminiApiKey(gemini),
    },
  });
  expectDone(deployed);
  const { url } = JSON.parse(deployed.stdout) as { url: string };
  const key = await emulator.gcloud([
    ...["secrets", "versions", "access", "latest"],
    "--secret=litellm-master-key",
  ]);
  client = new OpenAI({
    baseURL: `${url}/v1`,
    apiKey: key.stdout,
    maxRetries: 0,
  });
}, 300_000);

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

/** What answers, and which deployment of the name. */
async function ask(model: string): Promise<{ text: string; id: string }> {
  const { data, response } = await client.chat.completions
    .create({ model, messages: [{ role: "user", content: "x" }] })
    .withResponse();
  return {
    text: data.choices[0]?.message.content ?? "",
    id: response.headers.get("x-litellm-model-id") ?? "",
  };
}

test("calls of one name go to both keys", async () => {
  const ids = new Set<string>();
  // Each call draws one of the two.
  for (let call = 0; call < 40 && ids.size < 2; call += 1) {
    ids.add((await ask("backup")).id);
  }
  expect(ids.size).toBe(2);
});

test("the Gemini API answers where Vertex AI does not", async () => {
  expect((await ask("flash")).text).toContain("This is gemini-3.8-flash");
  geminiOf(emulator.cloud).faults = {
    ...noFaults(),
    status: 503,
    models: ["gemini-3.8-flash"],
  };
  expect((await ask("flash")).text).toContain("This is gemini-3.5-flash");
});
