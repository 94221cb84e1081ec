import type { OpenAI } from "openai";
import type { Abilities } from "./list-checks.ts";
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

/** What a model has to be able to, in LiteLLM's words, to be asked. */
const NEEDED: Partial<Readonly<Record<CheckName, string>>> = {
  "tool-forced": "supports_function_calling",
  "tool-turn": "supports_function_calling",
  "messages-tool-turn": "supports_function_calling",
  schema: "supports_response_schema",
  image: "supports_vision",
};

/**
 * Asks every name in every protocol, by name, as clients do. `abilities`: what LiteLLM knows that each can;
 * without, everything is asked.
 */
export async function checkProtocols(
  run: Run,
  client: OpenAI,
  protocols: readonly Protocol[],
  names: readonly string[],
  abilities?: Abilities,
): Promise<void> {
  const checks = protocols.flatMap(
    (protocol) => Object.entries(ASKED[protocol]) as [CheckName, Ask][],
  );
  await Promise.all(
    names.flatMap((subject) => {
      const { deployments } =
        run.target.models.find(({ name }) => name === subject) ?? {};
      const model = deployments?.[0]?.model;
      return checks.map(async ([name, ask]) => {
        const needed = NEEDED[name];
        if (
          needed !== undefined &&
          abilities?.get(subject)?.has(needed) === false
        ) {
          const because = `not tried: LiteLLM does not say ${needed} of it`;
          run.skip({ name, subject }, because);
          return;
        }
        const facts = model === undefined ? {} : { model };
        await run.check({ name, subject, facts }, (signal) =>
          ask({ run, client, model: subject, signal }),
        );
      });
    }),
  );
}
