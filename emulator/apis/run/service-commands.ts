import { permissionDetails } from "../../core/access.ts";
import { mayActAs } from "../../core/act-as.ts";
import type { Member } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { hasPermission } from "../../core/policy.ts";
import { InstanceError } from "../../machine/runtime/instance.ts";
import { judgeService, updateConditions } from "./conditions.ts";
import { type RunContext, projectOf } from "./context.ts";
import { closeService } from "./front-ends.ts";
import { timestamp } from "./identifiers.ts";
import { startOperation } from "./operations.ts";
import { stopInstances } from "./revision-start.ts";
import { isSet } from "./service-settings.ts";
import { planWrite, type ServiceWrite } from "./service-write.ts";
import { deployRevision, rememberReady, settle } from "./settlement.ts";
import { type RunRevision, type RunService, runOf } from "./state.ts";
import { targetNames } from "./traffic.ts";
import { Violations } from "./violations.ts";

const OPEN = "invoker-iam-disabled";

/** Creates or replaces a service; its revision comes up afterwards. With `dryRun` it is only checked. */
export function writeService(
  context: RunContext,
  write: ServiceWrite,
  dryRun: boolean,
): RunService {
  const { existing, project } = write;
  const { service: planned, revision } = planWrite(write);
  requireOpening(write, planned);
  requireAccount(context, planned);
  if (revision !== undefined) requireActAs(context, planned, write.caller);
  requireRegistry(context, planned);
  if (dryRun) return planned;
  const service = existing ? Object.assign(existing, planned) : planned;
  runOf(project).services.set(
    serviceKey(service.region, service.name),
    service,
  );
  startOperation(project, service);
  if (revision === undefined) reuseNamed(service);
  else addRevision(context, service, revision);
  retryFormer(service);
  showProgress(service);
  void settle(context, service);
  return service;
}

/** Removes a service, its revisions, and whatever runs or listens for it. */
export function deleteService(context: RunContext, service: RunService): void {
  const project = projectOf(context, service);
  runOf(project).services.delete(serviceKey(service.region, service.name));
  service.deleted = true;
  service.serving = [];
  closeService(service);
  for (const revision of service.revisions.values()) {
    void stopInstances(revision);
  }
}

/** Throws FAILED_PRECONDITION while something depends on the revision. */
export function deleteRevision(
  service: RunService,
  revision: RunRevision,
): void {
  const { name } = revision;
  const serving = service.serving.some((t) => t.revisionName === name);
  const why =
    serving || targetNames(service).has(name)
      ? "it is actively serving"
      : service.latestCreated === name
        ? "it is the latest created Revision"
        : undefined;
  if (why !== undefined) {
    throw new GoogleError(
      "FAILED_PRECONDITION",
      `Revision "${name}" cannot be directly deleted because ${why}.`,
    );
  }
  service.revisions.delete(name);
  void stopInstances(revision);
}

export function serviceKey(region: string, name: string): string {
  return `${region}/${name}`;
}

function addRevision(
  context: RunContext,
  service: RunService,
  revision: RunRevision,
): void {
  service.revisions.set(revision.name, revision);
  service.latestCreated = revision.name;
  deployRevision(context, service, revision);
}

/** A template that names a revision that is there, with the same content, makes that one the latest. */
function reuseNamed(service: RunService): void {
  const named = service.revisions.get(service.template.metadata.name ?? "");
  if (named === undefined) return;
  service.latestCreated = named.name;
  if (named.wasReady) rememberReady(service, named);
}

/** A revision that once was ready and did not come up again gets another chance with every write. */
function retryFormer(service: RunService): void {
  for (const name of targetNames(service)) {
    const revision = service.revisions.get(name);
    if (revision?.phase !== "failed" || !revision.wasReady) continue;
    revision.phase = "retired";
    revision.failure = undefined;
  }
}

/** Nothing of a write is done yet when Cloud Run answers it. */
function showProgress(service: RunService): void {
  const newest = service.revisions.get(service.latestCreated);
  if (newest === undefined) return;
  service.conditions = updateConditions(
    service.conditions,
    judgeService(
      { phase: "deploying", failure: undefined },
      { state: "pending" },
    ),
    timestamp(),
  );
}

function requireAccount({ cloud }: RunContext, { template }: RunService) {
  const email = template.spec.serviceAccountName;
  if (cloud.serviceAccount(email) === undefined) throw mayNotActAs(email);
}

function requireActAs(
  { cloud }: RunContext,
  { template }: RunService,
  caller: Member,
) {
  const email = template.spec.serviceAccountName;
  if (!mayActAs(cloud, email, caller)) throw mayNotActAs(email);
}

function mayNotActAs(email: string): GoogleError {
  return new GoogleError(
    "PERMISSION_DENIED",
    `Permission 'iam.serviceaccounts.actAs' denied on service account ${email} (or it may not exist).`,
  );
}

/** Who switches the invoker check off or on decides who may call, as who sets the policy does (Google's "Disable the Cloud Run Invoker IAM check"). */
function requireOpening(
  { existing, project, caller }: ServiceWrite,
  planned: RunService,
): void {
  const before = existing !== undefined && isSet(existing, OPEN);
  if (isSet(planned, OPEN) === before) return;
  const permission = "run.services.setIamPolicy";
  const policies = [planned.policy, project.policy];
  if (hasPermission(policies, caller, permission)) return;
  const { projectId, region, name } = planned;
  const resource = `projects/${projectId}/locations/${region}/services/${name}`;
  throw new GoogleError(
    "PERMISSION_DENIED",
    `Permission '${permission}' denied on resource '${resource}' (or resource may not exist).`,
    permissionDetails(permission, resource),
  );
}

/** An image that is not there fails the revision; one that Cloud Run could not even ask for fails the request. */
function requireRegistry({ runtime }: RunContext, service: RunService) {
  const { template, projectId } = service;
  const violations = new Violations();
  try {
    runtime.resolveImage(template.spec.containers[0].image, projectId);
  } catch (error) {
    if (error instanceof InstanceError) return;
    if (!(error instanceof GoogleError)) throw error;
    violations.add("spec.template.spec.containers[0].image", error.message);
  }
  violations.throwIfAny();
}
