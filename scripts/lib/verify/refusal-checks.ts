import { randomBytes } from "node:crypto";
import { SecretValue } from "../cli/secret-value.ts";
import { classifyAnswer, isKeyRefusal } from "./classify-answer.ts";
import { CheckFailure } from "./failure.ts";
import { type HttpAnswer, sendRequest } from "./http-answer.ts";
import { readLitellmError } from "./litellm-error.ts";
import type { Run } from "./run.ts";
import { shorten } from "./shorten.ts";

/** LiteLLM, not Google's front end, turns away callers without its key. */
export async function checkKeyRefusals(run: Run): Promise<void> {
  const wrong = new SecretValue(`sk-${randomBytes(32).toString("hex")}`);
  await Promise.all([
    run.check({ name: "refuses-no-key" }, (signal) =>
      expectRefusals(run, undefined, signal),
    ),
    run.check({ name: "refuses-wrong-key" }, (signal) =>
      expectRefusals(run, wrong, signal),
    ),
  ]);
}

/** ACCESS=iam: Google's front end turns away callers without an identity before LiteLLM sees them. */
export async function checkIdentityRefusal(run: Run): Promise<void> {
  if (run.target.access !== "iam") return;
  await run.check({ name: "refuses-no-identity" }, async (signal) => {
    const url = `${run.target.baseUrl}/health/liveliness`;
    const answer = await sendRequest(run.target, { url, signal });
    const refused = answer.status === 401 || answer.status === 403;
    if (refused && readLitellmError(answer.json) === undefined) {
      return { detail: `${answer.status} from Google's front end` };
    }
    if (answer.status >= 300) throw classifyAnswer(answer);
    throw new CheckFailure(
      "open-to-all",
      `answered ${answer.status} to a caller without an identity`,
    );
  });
}

/** The list costs nothing to ask for; the completion is what a thief would ask for. */
async function expectRefusals(
  run: Run,
  key: SecretValue | undefined,
  signal: AbortSignal,
): Promise<{ detail: string }> {
  const { baseUrl, identityToken, models } = run.target;
  const request = { key, identityToken, signal };
  const completion = {
    model: models.find((model) => model.kind === "chat")?.name ?? "none",
    messages: [{ role: "user", content: "Hello" }],
    max_tokens: 1,
  };
  const answers = await Promise.all([
    sendRequest(run.target, { ...request, url: `${baseUrl}/v1/models` }),
    sendRequest(run.target, {
      ...request,
      url: `${baseUrl}/v1/chat/completions`,
      method: "POST",
      body: completion,
    }),
  ]);
  const statuses = answers.map(expectRefusal);
  return { detail: `${[...new Set(statuses)].join(", ")} from LiteLLM` };
}

function expectRefusal(answer: HttpAnswer): number {
  const { status, json } = answer;
  const error = readLitellmError(json);
  if (error !== undefined && isKeyRefusal(status, error)) return status;
  if (status >= 200 && status < 300) {
    throw new CheckFailure("not-refused", `answered ${status}, not refused`);
  }
  const failure = classifyAnswer(answer);
  if (error === undefined || failure.kind === "gateway-overload") throw failure;
  throw new CheckFailure(
    "unexpected",
    `LiteLLM answered ${status} where it should refuse the key: ${shorten(error.message)}`,
  );
}
