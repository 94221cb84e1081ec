import { createFetch } from "../google/fetch.ts";
import { readIdentityToken } from "../google/context.ts";
import type { Service } from "../manifest/knative.ts";
import { asksForIdentity } from "../service/guard.ts";
import type { Session } from "../service/session.ts";
import { sendRequest } from "../verify/http-answer.ts";
import type { Health } from "./env-status.ts";

/** Milliseconds; an instance may have to start first. */
const LONGEST = 60_000;

export async function readHealth(
  session: Session,
  service: Service,
  ask: boolean,
): Promise<Health> {
  const condition = service.status?.conditions?.find((c) => c.type === "Ready");
  const ready = condition?.status === "True";
  return {
    ready,
    reason: ready ? null : (condition?.message ?? "it is not ready yet"),
    answer: ask ? await askReadiness(session, service) : null,
  };
}

async function askReadiness(
  { context }: Session,
  service: Service,
): Promise<NonNullable<Health["answer"]>> {
  const url = service.status?.url ?? "";
  const started = performance.now();
  const done = (
    ok: boolean,
    detail: string,
  ): NonNullable<Health["answer"]> => ({
    ok,
    detail,
    milliseconds: Math.round(performance.now() - started),
  });
  try {
    const identityToken = asksForIdentity(service)
      ? await readIdentityToken(context, url)
      : undefined;
    const answer = await sendRequest(
      { fetch: createFetch(context) },
      {
        url: `${url}/health/readiness`,
        identityToken,
        signal: AbortSignal.timeout(LONGEST),
      },
    );
    return done(answer.status === 200, `HTTP ${String(answer.status)}`);
  } catch (error) {
    // Whatever it is, it is what whoever calls the service meets.
    return done(false, error instanceof Error ? error.message : String(error));
  }
}
