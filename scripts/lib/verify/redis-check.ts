import { asText } from "../litellm-config/config-view.ts";
import type { RedisUse } from "../litellm-config/redis-uses.ts";
import type { Passed } from "./attempt.ts";
import { classifyAnswer } from "./classify-answer.ts";
import { CheckFailure } from "./failure.ts";
import { type HttpAnswer, sendRequest } from "./http-answer.ts";
import { isRecord, readLitellmError } from "./litellm-error.ts";
import type { Run } from "./run.ts";
import { shorten } from "./shorten.ts";

/** LiteLLM answers without a Redis that it does not reach, and tells it only where it is asked. */
export async function checkRedis(run: Run): Promise<void> {
  await Promise.all(
    run.target.redis.map((use) => {
      const facts = { redis: nameVariable(use) };
      const check = { name: "redis", subject: use.part, facts } as const;
      return run.check(check, async (signal) => {
        const isCache = use.part === "cache_params";
        const answer = await (isCache
          ? pingCache(run, signal)
          : tryConnection(run, use, signal));
        // A LiteLLM that has no such route.
        if (answer.status === 404) return { detail: "LiteLLM does not tell" };
        return isCache ? assessPing(answer) : assessTrial(answer);
      });
    }),
  );
}

/** The cache as LiteLLM has it: it writes an entry. */
function pingCache(run: Run, signal: AbortSignal): Promise<HttpAnswer> {
  return ask(run, "/cache/ping", undefined, signal);
}

function assessPing(answer: HttpAnswer): Passed {
  if (answer.status === 200) return { detail: "answers" };
  if (answer.status !== 503) throw classifyAnswer(answer);
  throw new CheckFailure(
    "redis-unreachable",
    "LiteLLM answered 503 to /cache/ping: it cannot write to its cache",
  );
}

/** LiteLLM tries any connection that it is told of, with the variables that it has itself. */
function tryConnection(
  run: Run,
  { connection }: RedisUse,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const body = { settings: connection };
  return ask(run, "/coordination_redis/settings/test", body, signal);
}

function assessTrial(answer: HttpAnswer): Passed {
  const { status, json } = answer;
  if (status === 200 && isRecord(json) && json.status === "healthy") {
    return { detail: "answers" };
  }
  const error = readLitellmError(json)?.message;
  if (error === undefined || (status !== 200 && status !== 400)) {
    throw classifyAnswer(answer);
  }
  throw new CheckFailure(
    "redis-unreachable",
    `LiteLLM does not reach it: ${shorten(error)}`,
  );
}

function ask(
  run: Run,
  path: string,
  body: object | undefined,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const { baseUrl, masterKey: key, identityToken } = run.target;
  const url = `${baseUrl}${path}`;
  const request = { url, key, identityToken, signal };
  return sendRequest(
    run.target,
    body === undefined ? request : { ...request, method: "POST", body },
  );
}

/** The variable that says where it is, where the config names one; LiteLLM itself looks at REDIS_HOST. */
function nameVariable({ connection: { url, host } }: RedisUse): string {
  const address = asText(url) ?? asText(host) ?? "os.environ/REDIS_HOST";
  const [, name] = /^os\.environ\/(\w+)$/.exec(address) ?? [];
  return name ?? "the host in the config";
}
