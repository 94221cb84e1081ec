import type { ModelAnswer, ModelCall } from "./model-calls.ts";
import {
  answerInSchema,
  forceTool,
  lookAtImage,
  takeToolTurn,
} from "./protocols/chat.ts";
import { generateStreamed, generateWhole } from "./protocols/gemini.ts";
import {
  countTokens,
  messageStreamed,
  messageToolTurn,
  messageWhole,
} from "./protocols/messages.ts";
import { respondStreamed, respondWhole } from "./protocols/responses.ts";
import type { Protocol } from "./options.ts";
import type { CheckName } from "./target.ts";

export const PROTOCOLS: readonly Protocol[] = [
  "chat",
  "responses",
  "messages",
  "gemini",
];

type Ask = (call: ModelCall) => Promise<ModelAnswer>;

/** What a client of each protocol asks of a chat model, beyond a plain chat. */
export const ASKED: Readonly<
  Record<Protocol, Partial<Readonly<Record<CheckName, Ask>>>>
> = {
  chat: {
    "tool-forced": forceTool,
    "tool-turn": takeToolTurn,
    schema: answerInSchema,
    image: lookAtImage,
  },
  responses: {
    responses: respondWhole,
    "responses-stream": respondStreamed,
  },
  messages: {
    messages: messageWhole,
    "messages-stream": messageStreamed,
    "messages-tool-turn": messageToolTurn,
    "count-tokens": countTokens,
  },
  gemini: {
    gemini: generateWhole,
    "gemini-stream": generateStreamed,
  },
};
