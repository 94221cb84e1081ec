import { afterAll, beforeAll, expect, test } from "vitest";
import { type ClientGateway, startClientGateway } from "./gateway.ts";

let gateway: ClientGateway;
beforeAll(async () => {
  gateway = await startClientGateway();
}, 300_000);
afterAll(() => gateway.close());

const NODE = "node";
const PYTHON = "venv/bin/python";

/** Folder, settings, and what runs there. */
const CLIENTS = [
  ["openai-node-4", "openai-node", `${NODE} openai.js`],
  ["openai-node-5", "openai-node", `${NODE} openai.js`],
  ["openai-node-6", "openai-node", `${NODE} openai.js`],
  ["openai-node-7", "openai-node", `${NODE} openai.js`],
  ["openai-python", "openai-python", `${PYTHON} openai_sdk.py`],
  ["ai-sdk", "openai-node", `${NODE} ai-sdk.js`],
  ["langchain", "langchain", `${PYTHON} langchain_client.py`],
  ["llama-index", "openai-python", `${PYTHON} llama_index_client.py`],
  ["anthropic-node", "claude", `${NODE} anthropic.js`],
  ["anthropic-python", "claude", `${PYTHON} anthropic_sdk.py`],
  ["google-genai-node", "gemini", `${NODE} genai.js`],
  ["google-genai-python", "gemini", `${PYTHON} genai.py`],
] as const;

/** docs/clients.md says so: a client that no longer does is told there. */
const SPOILS_VECTORS = /^openai-node-[456]$/;

interface Report {
  chat: string;
  streamed: string;
  tool: string;
  vectors?: number[];
  /** Where the SDK itself chooses how vectors are sent. */
  byDefault?: number[];
  tokens?: number;
  response?: string;
}

test.each(CLIENTS)(
  "%s chats, streams, calls a tool, and what else it has",
  async (client, settings, line) => {
    const { stdout, stderr, exitCode } = await gateway.runAs(
      settings,
      client,
      line,
    );
    expect(exitCode, stderr).toBe(0);
    const report = JSON.parse(stdout) as Report;
    const { chat, streamed, tool, tokens, response } = report;
    const { vectors = [], byDefault = [] } = report;
    expect(chat).toContain("This is gemini-3.5-flash");
    expect(streamed).toBe(chat);
    expect(JSON.parse(tool)).toEqual({ city: "Rome" });
    for (const length of vectors) expect(length).toBe(3072);
    for (const length of byDefault) {
      expect(length).toBe(SPOILS_VECTORS.test(client) ? 768 : 3072);
    }
    if (tokens !== undefined) expect(tokens).toBeGreaterThan(0);
    if (response !== undefined) expect(response).toBe(chat);
  },
);

test("verify finds nothing wrong in any protocol, and connect --check in a client's", async () => {
  const { workspace } = gateway;
  const verified = await workspace.script("verify.ts", ["local", "--json"]);
  expect(verified.stderr).not.toContain("FAIL");
  expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, skipped: 0 });
  const args = ["local", "claude", "--check"];
  const { stdout, stderr, exitCode } = await workspace.script(
    "connect.ts",
    args,
  );
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toContain("ANTHROPIC_BASE_URL");
  for (const model of ["gemini-4-argon", "gemini-3.1-flash-lite"]) {
    expect(stderr).toMatch(new RegExp(`ok +messages-tool-turn +${model}`));
  }
});
