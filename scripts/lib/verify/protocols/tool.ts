import { CheckFailure } from "../failure.ts";
import { isRecord } from "../litellm-error.ts";

/** The function that models are to call. */
export const TOOL = {
  name: "get_weather",
  description: "Tells the weather of a city.",
  parameters: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  },
} as const;

/** Asks for the function where nothing forces it. */
export const TOOL_PROMPT = `Use ${TOOL.name} with {"city": "Paris"}, then say what it answered.`;

export const TOOL_RESULT = "21 degrees";

/** Throws where it is not a call of the function with the arguments that it wants. */
export function assessToolCall(name: string | undefined, args: unknown): void {
  if (name !== TOOL.name) {
    throw new CheckFailure(
      "no-tool-call",
      name === undefined
        ? `no call of ${TOOL.name}, which was asked for`
        : `a call of ${name} in place of ${TOOL.name}`,
    );
  }
  if (isRecord(args) && typeof args.city === "string") return;
  throw new CheckFailure(
    "no-tool-call",
    `the call of ${TOOL.name} has not the arguments of its schema`,
  );
}

/** Arguments as OpenAI's protocol has them: a JSON text. */
export function parseArguments(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
