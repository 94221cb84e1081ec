import type { FailureKind } from "./failure.ts";
import {
  checkLiveness,
  checkReadiness,
  checkVersion,
} from "./health-checks.ts";
import { checkDeployments, checkModelList } from "./list-checks.ts";
import { checkModels } from "./model-checks.ts";
import { openClients } from "./openai-client.ts";
import type { VerifyOptions } from "./options.ts";
import { checkProtocols } from "./protocol-checks.ts";
import type { Protocol } from "./protocol.ts";
import { checkIdentityRefusal, checkKeyRefusals } from "./refusal-checks.ts";
import { checkRedis } from "./redis-check.ts";
import { type Run, startRun } from "./run.ts";
import type { CheckName, VerifyReport, VerifyTarget } from "./target.ts";

/**
 * Asks a running gateway everything that its users rely on. Never throws for
 * what it finds; throws on a bug of its own.
 */
export async function verifyGateway(
  target: VerifyTarget,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const began = performance.now();
  const baseUrl = target.baseUrl.replace(/\/+$/, "");
  const run = startRun({ ...target, baseUrl }, options);
  const stopped = await runChecks(run, options.protocols ?? []);
  return toReport(run, stopped, Math.round(performance.now() - began));
}

/** Returns why it stopped early, where going on would only repeat one failure many times. */
async function runChecks(
  run: Run,
  protocols: readonly Protocol[],
): Promise<string | undefined> {
  const unreachable = await checkReachable(run);
  if (unreachable !== undefined) return unreachable;
  const clients = await openClients(run.target);
  const [refused] = await Promise.all([
    checkModelList(run, clients),
    checkReadiness(run),
    checkIdentityRefusal(run),
    checkKeyRefusals(run),
  ]);
  if (refused?.kind === "key-refused") return "the key is refused";
  const { ids, abilities } = await checkDeployments(run);
  const advises = protocols.length > 0;
  const [answering] = await Promise.all([
    checkModels({ run, clients, ids, advises }),
    checkRedis(run),
  ]);
  await checkProtocols(run, clients.versioned, protocols, answering, abilities);
  await checkVersion(run);
  return undefined;
}

/** Asks models in one client's protocol, and nothing else. */
export async function verifyProtocol(
  target: VerifyTarget,
  protocol: Protocol,
  names: readonly string[],
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const began = performance.now();
  const baseUrl = target.baseUrl.replace(/\/+$/, "");
  const run = startRun({ ...target, baseUrl }, options);
  const stopped = await checkReachable(run);
  if (stopped === undefined) {
    const { versioned } = await openClients(run.target);
    await checkProtocols(run, versioned, [protocol], names);
  }
  return toReport(run, stopped, Math.round(performance.now() - began));
}

async function checkReachable(run: Run): Promise<string | undefined> {
  const failure = await checkLiveness(run);
  return failure !== undefined && NO_LITELLM.has(failure.kind)
    ? "LiteLLM does not answer"
    : undefined;
}

const NO_LITELLM = new Set<FailureKind>([
  ...(["refused-connection", "unknown-host", "lost-connection"] as const),
  ...(["timeout", "deadline", "invoker-refused"] as const),
  ...(["no-such-service", "gone", "no-instance", "instance-broke"] as const),
]);

/** The order in which people read the results. */
const ORDER: readonly CheckName[] = [
  ...(["liveness", "readiness", "version", "redis"] as const),
  ...(["refuses-no-identity", "refuses-no-key", "refuses-wrong-key"] as const),
  ...(["models", "deployments", "chat", "stream", "embeddings"] as const),
  ...(["tool-forced", "tool-turn", "schema", "image"] as const),
  ...(["responses", "responses-stream"] as const),
  ...(["messages", "messages-stream", "messages-tool-turn"] as const),
  ...(["count-tokens", "gemini", "gemini-stream"] as const),
];

function toReport(
  run: Run,
  stopped: string | undefined,
  milliseconds: number,
): VerifyReport {
  const names = run.target.models.map((model) => model.name);
  const results = run.results.toSorted(
    (a, b) =>
      ORDER.indexOf(a.check) - ORDER.indexOf(b.check) ||
      names.indexOf(nameOf(a.subject)) - names.indexOf(nameOf(b.subject)) ||
      (a.subject ?? "").localeCompare(b.subject ?? ""),
  );
  const failed = results.filter((r) => !r.ok && r.skipped !== true).length;
  return {
    ok: failed === 0 && stopped === undefined,
    url: run.target.baseUrl,
    litellmVersion: run.litellmVersion,
    ...(stopped !== undefined && { stopped }),
    modelCalls: run.modelCalls,
    tokens: run.tokens,
    cost: run.cost,
    milliseconds,
    passed: results.filter((result) => result.ok).length,
    failed,
    skipped: results.filter((result) => result.skipped === true).length,
    results,
  };
}

/** `gemini-x [2/3]` belongs beside `gemini-x`. */
function nameOf(subject: string | undefined): string {
  return subject?.replace(/ \[.*\]$/, "") ?? "";
}
