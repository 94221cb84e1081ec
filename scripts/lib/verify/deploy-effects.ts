import { holdGcloud, runGcloud } from "../google/gcloud.ts";
import { openPayloads } from "../google/secret-payloads.ts";
import type { DeployEffects } from "../service/effects.ts";
import type { Session } from "../service/session.ts";
import { awaitRevision } from "../service/state/await-revision.ts";
import { readService } from "../service/state/read-service.ts";
import { verifyRevision } from "./verify-revision.ts";

/** What the steps of a deploy and of a rollback need. `settle`: seconds that a verification waits for what is new. */
export function createDeployEffects(
  session: Session,
  settle: number,
): DeployEffects {
  const { context, read, settings } = session;
  return {
    gcloud: runGcloud,
    hold: holdGcloud,
    payloads: openPayloads(context),
    readService: () => readService(read, settings),
    awaitRevision: (name) => awaitRevision(read, settings, name),
    verify: (_revision, tag) => verifyRevision(session, tag, settle),
  };
}
