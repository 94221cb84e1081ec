import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";

export interface Sdk {
  /** As docs/clients.md calls it. */
  name: string;
  /** Where its lock stands and where it is installed. */
  folder: string;
  /** What docs/clients.md gives the version of. */
  package: string;
  /** Of `connect`. */
  settings: string;
  program: string;
  /** The type of its error where the gateway refuses a request. */
  refusal: string;
}

const OPENAI_NODE = {
  package: "openai",
  settings: "openai-node",
  program: "node openai.js",
  refusal: "BadRequestError",
};

export const SDKS: readonly Sdk[] = [
  ...["4", "5", "6", "7"].map((version) => ({
    name: `OpenAI for Node ${version}`,
    folder: `openai-node-${version}`,
    ...OPENAI_NODE,
  })),
  {
    name: "OpenAI for Python",
    folder: "openai-python",
    package: "openai",
    settings: "openai-python",
    program: "venv/bin/python openai_sdk.py",
    refusal: "BadRequestError",
  },
  {
    name: "Anthropic for Node",
    folder: "anthropic-node",
    package: "@anthropic-ai/sdk",
    settings: "claude",
    program: "node anthropic.js",
    refusal: "BadRequestError",
  },
  {
    name: "Anthropic for Python",
    folder: "anthropic-python",
    package: "anthropic",
    settings: "claude",
    program: "venv/bin/python anthropic_sdk.py",
    refusal: "BadRequestError",
  },
  {
    name: "google-genai for Node",
    folder: "google-genai-node",
    package: "@google/genai",
    settings: "gemini",
    program: "node genai.js",
    refusal: "ApiError",
  },
  {
    name: "google-genai for Python",
    folder: "google-genai-python",
    package: "google-genai",
    settings: "gemini",
    program: "venv/bin/python genai.py",
    refusal: "ClientError",
  },
  {
    name: "LangChain",
    folder: "langchain",
    package: "langchain-openai",
    settings: "langchain",
    program: "venv/bin/python langchain_client.py",
    refusal: "OpenAIInvalidRequestError",
  },
  {
    name: "LlamaIndex",
    folder: "llama-index",
    package: "llama-index-llms-openai-like",
    settings: "openai-python",
    program: "venv/bin/python llama_index_client.py",
    refusal: "BadRequestError",
  },
  {
    name: "Vercel AI SDK",
    folder: "ai-sdk",
    package: "ai",
    settings: "openai-node",
    program: "node ai-sdk.js",
    refusal: "APICallError",
  },
];

/** What a program reports, by the name of what it did. */
export type Report = Record<string, unknown>;

export const HELLO =
  "This is gemini-3.5-flash, rehearsed on your machine. You wrote: Say hello.";
const TOLD: unknown = expect.stringMatching(
  /^This is gemini-3\.5-flash.*get_weather answered: \{"\w+":"18 degrees"\}$/,
);
const FORECAST = { days: [{ sky: "sunny", degrees: 1 }] };

/** What is right in each of them. */
export function expectedOf({ folder, refusal }: Sdk): Report {
  const refused = (words: string): unknown =>
    expect.stringMatching(new RegExp(`^${refusal} 400: .*${words}`, "s"));
  return {
    chat: HELLO,
    stream: HELLO,
    toolTurn: TOLD,
    streamedToolTurn: TOLD,
    forcedTool: "get_weather",
    schema: FORECAST,
    streamedSchema: FORECAST,
    schemaAfterTools: FORECAST,
    image: expect.stringContaining("You sent image/png of 79 bytes."),
    stop: "This is gemini-3.5-flash, ",
    tokens: 3,
    responses: HELLO,
    embeddings: [3072, 3072],
    // docs/clients.md says so: a version that no longer does is told there.
    embeddingsByDefault: /^openai-node-[456]$/.test(folder)
      ? [768, 768]
      : [3072, 3072],
    unknownModel: refused("Invalid model name passed in model=gemini-0"),
    wrongKey: refused("No connected db"),
  };
}

/** What every client does, and the columns of docs/clients.md by what a client does that says yes there. */
export const ALWAYS = ["chat", "stream", "unknownModel", "wrongKey"];
const COLUMNS = [
  ["toolTurn", "streamedToolTurn", "forcedTool"],
  ["schema", "streamedSchema"],
  ["image"],
  ["stop"],
  ["embeddings"],
  ["tokens"],
  ["responses"],
];

/** The row of docs/clients.md that says what it did. */
export function toRow(sdk: Sdk, report: Report): string[] {
  return [
    sdk.name,
    `${sdk.package} ${readVersion(sdk)}`,
    `\`${sdk.settings}\``,
    ...COLUMNS.map((parts) =>
      parts.every((part) => part in report) ? "yes" : "–",
    ),
  ];
}

/** The version that its lock has. */
function readVersion({ folder, package: name, program }: Sdk): string {
  const read = (file: string): string =>
    readFileSync(path.join(import.meta.dirname, folder, file), "utf8");
  if (program.startsWith("node ")) {
    const { dependencies } = JSON.parse(read("package.json")) as {
      dependencies: Record<string, string>;
    };
    return dependencies[name] ?? "";
  }
  // An older Python takes an older one, which stands above it.
  const lines = new RegExp(`^${name}==(\\S+)`, "gm");
  return [...read("requirements.txt").matchAll(lines)].at(-1)?.[1] ?? "";
}
