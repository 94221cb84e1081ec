import type { BadAnswer } from "./bad-answer.ts";
import { CheckFailure, type FailureKind } from "./failure.ts";
import { shorten } from "./shorten.ts";

/**
 * What Google's front end means by answering in LiteLLM's place (Cloud Run docs,
 * "Troubleshoot Cloud Run issues"): it refuses callers, knows no such service,
 * has no instance to spare, or its instance broke.
 */
export function classifyFrontEnd(answer: BadAnswer): CheckFailure {
  if (answer.headers?.get("content-type")?.includes("json") === true) {
    return new CheckFailure(
      "unexpected",
      `answered ${answer.status}, not in LiteLLM's form: ${shorten(answer.text)}`,
    );
  }
  return new CheckFailure(
    frontEndKind(answer),
    `Google's front end answered ${answer.status}, not LiteLLM: ${readPage(answer.text)}`,
  );
}

function frontEndKind({ status, text }: BadAnswer): FailureKind {
  if (status === 401 || status === 403) return "invoker-refused";
  if (status === 404) return "no-such-service";
  if (status === 429) return "no-instance";
  if (status === 504) return "timeout";
  if (status === 500 && text.includes("no available instance")) {
    return "no-instance";
  }
  if (status >= 500) return "instance-broke";
  return "unexpected";
}

/** The words of an error page: its heading and what follows, without markup. */
function readPage(html: string): string {
  const body = html
    .replace(/<(style|script|title)[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^>]*>/g, " ");
  return shorten(body) || "(an empty page)";
}
