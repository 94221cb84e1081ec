import { FLOOR, isOlder } from "../advisories/advisories.ts";
import { classifyAnswer } from "./classify-answer.ts";
import { CheckFailure } from "./failure.ts";
import { type HttpAnswer, sendRequest } from "./http-answer.ts";
import { isRecord } from "./litellm-error.ts";
import type { Run } from "./run.ts";
import { STOLEN } from "../settings/check-image.ts";

/** The process answers. Returns the failure, if it does not. */
export function checkLiveness(run: Run): Promise<CheckFailure | undefined> {
  return run.check({ name: "liveness" }, async (signal) => {
    const answer = await getHealth(run, "/health/liveliness", signal);
    if (answer.status !== 200 || answer.json === undefined) {
      throw classifyAnswer(answer);
    }
    return { detail: "alive" };
  });
}

/** LiteLLM has read its config and takes requests. */
export async function checkReadiness(run: Run): Promise<void> {
  await run.check({ name: "readiness" }, async (signal) => {
    const answer = await getHealth(run, "/health/readiness", signal);
    const status = readField(answer.json, "status");
    if (answer.status === 200 && status !== undefined) {
      return { detail: status };
    }
    if (status === undefined) throw classifyAnswer(answer);
    throw new CheckFailure(
      "not-ready",
      `LiteLLM answered ${answer.status}: ${status}`,
    );
  });
}

/** Which LiteLLM answered: by the header of its answers, else by what it says of itself. */
export async function checkVersion(run: Run): Promise<void> {
  await run.check({ name: "version" }, async (signal) => {
    run.litellmVersion ??= await readVersion(run, signal);
    const version = run.litellmVersion;
    if (version === undefined) return { detail: "LiteLLM does not tell" };
    if (STOLEN.includes(version)) {
      throw new CheckFailure(
        "bad-version",
        `LiteLLM ${version} is a release that steals credentials (GHSA-92x9-889m-jgmw)`,
      );
    }
    const detail = `LiteLLM ${version}`;
    if (!isOlder(version)) return { detail };
    return {
      detail,
      hint: `Releases before ${FLOOR} have known security holes: set a newer IMAGE.`,
    };
  });
}

async function readVersion(
  run: Run,
  signal: AbortSignal,
): Promise<string | undefined> {
  const answer = await sendRequest(run.target, {
    url: `${run.target.baseUrl}/health/readiness/details`,
    key: run.target.masterKey,
    identityToken: run.target.identityToken,
    signal,
  });
  return readField(answer.json, "litellm_version");
}

function getHealth(
  run: Run,
  path: string,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  return sendRequest(run.target, {
    url: `${run.target.baseUrl}${path}`,
    identityToken: run.target.identityToken,
    signal,
  });
}

function readField(json: unknown, name: string): string | undefined {
  const value = isRecord(json) ? json[name] : undefined;
  return typeof value === "string" ? value : undefined;
}
