import { classifyAnswer } from "./classify-answer.ts";
import { classifyConnectionError } from "./connection-error.ts";
import { CheckFailure } from "./failure.ts";
import { readSdkError } from "./openai-client.ts";

/** What a check, fetch or the OpenAI SDK threw; undefined for a bug of our own. */
export function classifyError(error: unknown): CheckFailure | undefined {
  if (error instanceof CheckFailure) return error;
  const answer = readSdkError(error);
  if (answer !== undefined) return classifyAnswer(answer);
  if (error instanceof SyntaxError) {
    return new CheckFailure("unexpected", "the answer is not JSON");
  }
  return classifyConnectionError(error);
}
