import { InputError } from "../cli/errors.ts";
import { suggest } from "../cli/suggest.ts";
import type { Protocol } from "../verify/protocol.ts";
import {
  connectClaude,
  connectCodex,
  connectGemini,
  connectOpencode,
} from "./agents.ts";
import type { Gateway } from "./gateway.ts";
import {
  connectCurl,
  connectLangchain,
  connectOpenWebui,
  connectOpenaiNode,
  connectOpenaiPython,
} from "./sdks.ts";

interface Client {
  /** What it speaks. */
  protocol: Protocol;
  /** Lines for bash. */
  connect: (gateway: Gateway) => string[];
}

const CLIENTS = new Map<string, Client>(
  Object.entries({
    claude: { protocol: "messages", connect: connectClaude },
    codex: { protocol: "responses", connect: connectCodex },
    gemini: { protocol: "gemini", connect: connectGemini },
    opencode: { protocol: "chat", connect: connectOpencode },
    "openai-python": { protocol: "chat", connect: connectOpenaiPython },
    "openai-node": { protocol: "chat", connect: connectOpenaiNode },
    langchain: { protocol: "chat", connect: connectLangchain },
    "open-webui": { protocol: "chat", connect: connectOpenWebui },
    curl: { protocol: "chat", connect: connectCurl },
  } satisfies Record<string, Client>),
);

export const CLIENT_NAMES: readonly string[] = [...CLIENTS.keys()];

export function isClient(name: string): boolean {
  return CLIENTS.has(name);
}

/** Throws InputError where there is none of this name. */
export function findClient(name: string | undefined): Client {
  const client = CLIENTS.get(name ?? "");
  if (client !== undefined) return client;
  const near = name === undefined ? undefined : suggest(name, CLIENT_NAMES);
  throw new InputError(
    name === undefined
      ? "which client?"
      : "this client's settings are not known here",
    {
      hint:
        near === undefined
          ? `Name one of: ${CLIENT_NAMES.join(", ")}. What speaks OpenAI's protocol takes the variables of curl.`
          : `Did you mean ${near}?`,
    },
  );
}
