import { GoogleError } from "../../core/google-error.ts";
import {
  InstanceError,
  type InstancePool,
} from "../../machine/runtime/instance.ts";
import { updateConditions } from "./conditions.ts";
import { type RunContext, projectOf } from "./context.ts";
import { nextVersion, timestamp } from "./identifiers.ts";
import { buildInstanceSpec } from "./instance-spec.ts";
import type { Condition } from "./model.ts";
import {
  judgeDeploying,
  judgeFailed,
  judgeReady,
  judgeRetired,
} from "./revision-conditions.ts";
import {
  listSecretFiles,
  listSecretVariables,
  secretProblem,
} from "./secrets.ts";
import { readMinimum, readScale } from "./scale.ts";
import type { Failure, RunRevision, RunService } from "./state.ts";

type Verdicts = Parameters<typeof updateConditions>[1];

/** Something that keeps a revision from becoming ready. */
class RevisionFailure extends Error {
  readonly reason: string;

  constructor({ reason, message }: Failure) {
    super(message);
    this.reason = reason;
  }
}

/** Brings a revision up as a deployment does: secrets, image, container, startup probe. Resolves when it is ready or has failed. */
export async function startRevision(
  context: RunContext,
  service: RunService,
  revision: RunRevision,
): Promise<void> {
  const started = performance.now();
  revision.phase = "deploying";
  revision.failure = undefined;
  judge(revision, judgeDeploying());
  try {
    checkSecrets(context, service, revision);
    revision.image ??= context.runtime.resolveImage(
      revision.template.spec.containers[0].image,
      service.projectId,
    );
    await poolOf(context, service, revision).ensure();
    revision.phase = "ready";
    revision.wasReady = true;
    const seconds = (performance.now() - started) / 1000;
    judge(revision, judgeReady(seconds, readMinimum(service, revision)));
  } catch (error) {
    void stopInstances(revision);
    revision.phase = "failed";
    revision.failure = toFailure(error);
    judge(revision, judgeFailed(revision.failure));
  }
}

/** The revision's instances: none until a request or a deployment asks for one. */
export function poolOf(
  context: RunContext,
  service: RunService,
  revision: RunRevision,
): InstancePool {
  return (revision.pool ??= context.runtime.openPool(
    () => buildInstanceSpec(context, service, revision),
    () => readScale(service, revision),
  ));
}

/** Stops a ready revision that nothing leads to any more; requests in flight finish. */
export function retireRevision(revision: RunRevision): void {
  revision.phase = "retired";
  judge(revision, judgeRetired());
  void stopInstances(revision);
}

export async function stopInstances(revision: RunRevision): Promise<void> {
  const { pool } = revision;
  revision.pool = undefined;
  await pool?.stop();
}

function checkSecrets(
  context: RunContext,
  service: RunService,
  { template }: RunRevision,
): void {
  const { cloud } = context;
  const project = projectOf(context, service);
  const problems = [
    ...listSecretVariables(cloud, project, template),
    ...listSecretFiles(cloud, project, template),
  ].flatMap(
    (reference) =>
      secretProblem(cloud, reference, template.spec.serviceAccountName) ?? [],
  );
  if (problems.length > 0) {
    throw new RevisionFailure({
      reason: "SecretsAccessCheckFailed",
      message: problems.join("\n"),
    });
  }
}

function toFailure(error: unknown): Failure {
  if (error instanceof RevisionFailure || error instanceof InstanceError) {
    return { reason: error.reason, message: error.message };
  }
  if (error instanceof GoogleError) {
    return { reason: "Internal", message: error.message };
  }
  throw error;
}

function judge(revision: RunRevision, verdicts: Verdicts): void {
  const now = timestamp();
  const conditions: Condition[] = updateConditions(
    revision.conditions,
    verdicts,
    now,
  );
  revision.conditions = conditions;
  revision.version = nextVersion(revision.version);
}
