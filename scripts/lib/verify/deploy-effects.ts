import { ConflictError } from "../cli/errors.ts";
import { readSecretAudit } from "../google/commands/logging.ts";
import {
  type Command,
  isNotFound,
  formatCommand,
  holdGcloud,
  runGcloud,
} from "../google/gcloud.ts";
import { isNotYetVisible } from "../google/not-yet-visible.ts";
import { openPayloads } from "../google/secret-payloads.ts";
import type { Holding } from "../plan/step.ts";
import type { DeployEffects } from "../service/effects.ts";
import type { Session } from "../service/session.ts";
import { awaitRevision } from "../service/state/await-revision.ts";
import { readService } from "../service/state/read-service.ts";
import { verifyRevision } from "./verify-revision.ts";

/** What the steps of a deploy and of a rollback need. `settle`: seconds that a verification waits for what is new. */
export function createDeployEffects(
  session: Session,
  settle: number,
): DeployEffects & Holding {
  const { context, read, settings } = session;
  const explain = (command: Command, running: Promise<string>) =>
    running.catch((error: unknown) => {
      throw tellRemoved(session, command, error);
    });
  return {
    gcloud: (command) => explain(command, runGcloud(command)),
    hold: (command) => {
      const { letGo, drop } = holdGcloud(command);
      return { letGo: () => explain(command, letGo()), drop };
    },
    payloads: openPayloads(context),
    readService: () => readService(read, settings),
    awaitRevision: (name) => awaitRevision(read, settings, name),
    verify: (_revision, tag) => verifyRevision(session, tag, settle),
  };
}

/** What a secret command needs was there when the plan was made. */
function tellRemoved(
  { settings }: Session,
  { args }: Command,
  error: unknown,
): unknown {
  const isGone = args[0] === "secrets" && isNotFound(error);
  if (!isGone || isNotYetVisible(error)) return error;
  return new ConflictError(error.message, {
    hint: `Somebody removed it at the same time. Who it was: ${formatCommand(readSecretAudit(settings, ""))}\n  Run it again: it goes on from what is there.`,
    cause: error,
  });
}
