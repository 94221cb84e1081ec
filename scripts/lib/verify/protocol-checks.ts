import type { OpenAI } from "openai";
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
import type { Protocol } from "./protocol.ts";
import type { Run } from "./run.ts";
import type { CheckName } from "./target.ts";

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

/** Asks every name in every protocol, by name, as clients do. */
export async function checkProtocols(
  run: Run,
  client: OpenAI,
  protocols: readonly Protocol[],
  names: readonly string[],
): Promise<void> {
  const checks = protocols.flatMap((protocol) =>
    Object.entries(ASKED[protocol]),
  );
  await Promise.all(
    names.flatMap((subject) => {
      const { deployments } =
        run.target.models.find(({ name }) => name === subject) ?? {};
      const model = deployments?.[0]?.model;
      return checks.map(([name, ask]) =>
        run.check(
          {
            name: name as CheckName,
            subject,
            ...(model !== undefined && { facts: { model } }),
          },
          (signal) => ask({ run, client, model: subject, signal }),
        ),
      );
    }),
  );
}
