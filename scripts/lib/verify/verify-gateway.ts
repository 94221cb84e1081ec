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
import { checkIdentityRefusal, checkKeyRefusals } from "./refusal-checks.ts";
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
  const stopped = await runChecks(run);
  return toReport(run, stopped, Math.round(performance.now() - began));
}

/** Returns why it stopped early, where going on would only repeat one failure many times. */
async function runChecks(run: Run): Promise<string | undefined> {
  const unreachable = await checkLiveness(run);
  if (unreachable !== undefined && NO_LITELLM.has(unreachable.kind)) {
    return "LiteLLM does not answer";
  }
  const clients = await openClients(run.target);
  const [refused] = await Promise.all([
    checkModelList(run, clients),
    checkReadiness(run),
    checkIdentityRefusal(run),
    checkKeyRefusals(run),
  ]);
  if (refused?.kind === "key-refused") return "the key is refused";
  const ids = await checkDeployments(run);
  await checkModels({ run, clients, ids });
  await checkVersion(run);
  return undefined;
}

const NO_LITELLM = new Set<FailureKind>([
  ...(["refused-connection", "unknown-host", "lost-connection"] as const),
  ...(["timeout", "deadline", "invoker-refused"] as const),
  ...(["no-such-service", "gone", "no-instance", "instance-broke"] as const),
]);

/** The order in which people read the results. */
const ORDER: readonly CheckName[] = [
  ...(["liveness", "readiness", "version"] as const),
  ...(["refuses-no-identity", "refuses-no-key", "refuses-wrong-key"] as const),
  ...(["models", "deployments", "chat", "stream", "embeddings"] as const),
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
