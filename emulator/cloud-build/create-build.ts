import { randomUUID } from "node:crypto";
import type { Cloud, Member, Project } from "../cloud.ts";
import { GoogleError } from "../google-error.ts";
import { hasPermission } from "../policy.ts";
import { openObject } from "../storage/access.ts";
import { parseDuration } from "./durations.ts";
import type { SentBuild } from "./requests.ts";
import type { Step, StoredBuild } from "./state.ts";
import { requireUsed, resolveValues, substitute } from "./substitutions.ts";

/** What started a build: a client with a source of its own, or a trigger with a checkout. */
export interface BuildOrigin {
  project: Project;
  location: string;
  /** Undefined for a trigger: whoever made that was asked. */
  caller: Member | undefined;
  trigger?: {
    id: string;
    checkout: string;
    /** COMMIT_SHA and the like. */
    values: Record<string, string>;
  };
}

/** A build that is ready to run. Throws what Cloud Build answers for one that it refuses. */
export function createBuild(
  cloud: Cloud,
  sent: SentBuild,
  origin: BuildOrigin,
): StoredBuild {
  const { project, location, trigger } = origin;
  const id = randomUUID();
  const { options = {}, substitutions: own = {}, ...rest } = sent;
  const { dynamicSubstitutions = false, substitutionOption } = options;
  const dynamic = dynamicSubstitutions || trigger !== undefined;
  const account = accountOf(rest.serviceAccount ?? "", project);
  const values = resolveValues(
    {
      ...trigger?.values,
      PROJECT_ID: project.projectId,
      PROJECT_NUMBER: project.projectNumber,
      BUILD_ID: id,
      LOCATION: location,
      SERVICE_ACCOUNT: `projects/${project.projectId}/serviceAccounts/${account}`,
      SERVICE_ACCOUNT_EMAIL: account,
    },
    own,
    dynamic,
  );
  const loose =
    trigger !== undefined ||
    substitutionOption === "ALLOW_LOOSE" ||
    dynamicSubstitutions;
  if (!loose) requireUsed(rest, own);
  const build: StoredBuild = {
    id,
    projectId: project.projectId,
    location,
    sent: { ...substitute({ ...rest, steps: [] }, values), options },
    steps: (rest.steps ?? []).map((step) => {
      // A script is taken as it is.
      const { script, ...others } = step;
      const changed = substitute(others, values);
      return toStep({ ...changed, ...(script !== undefined && { script }) });
    }),
    substitutions: values,
    account,
    triggerId: trigger?.id,
    checkout: trigger?.checkout,
    status: "QUEUED",
    warnings: [],
    pushed: [],
    createTime: new Date().toISOString(),
    stop: new AbortController(),
    ended: Promise.resolve(),
  };
  requireSteps(build.steps);
  requireLogging(build);
  requireAccount(cloud, build, origin.caller);
  requireSource(cloud, build);
  parseDuration(build.sent.timeout, "build.timeout");
  return build;
}

/** The account as the file names it, with the project in place of a reference to it. */
function accountOf(name: string, project: Project): string {
  const { projectId, projectNumber } = project;
  const named = name
    .replace(/\$\{?PROJECT_ID\}?/g, projectId)
    .replace(/\$\{?PROJECT_NUMBER\}?/g, projectNumber);
  if (named === "")
    return `${projectNumber}-compute@developer.gserviceaccount.com`;
  return named.slice(named.lastIndexOf("/") + 1);
}

function toStep(step: SentBuildStep): Step {
  return { ...step, name: step.name ?? "", status: "QUEUED" };
}

type SentBuildStep = NonNullable<SentBuild["steps"]>[number];

function requireSteps(steps: readonly Step[]): void {
  if (steps.length === 0) throw invalid("invalid build: no build steps");
  const ids = new Set<string>();
  steps.forEach((step, index) => {
    const { name, id = "", waitFor = [], script, args, entrypoint } = step;
    if (name === "") {
      throw invalid(`invalid build step ${index}: missing required field name`);
    }
    if (
      script !== undefined &&
      (args !== undefined || entrypoint !== undefined)
    ) {
      throw invalid(
        `invalid build: invalid build step ${index}: script and args or entrypoint cannot be set at the same time`,
      );
    }
    for (const other of waitFor) {
      if (other === "-" || ids.has(other)) continue;
      throw invalid(
        `invalid build: invalid .steps field: build step ${index} depends on "${other}", which has not been defined`,
      );
    }
    if (id !== "" && ids.has(id)) {
      throw invalid(`invalid build: duplicate build step id "${id}"`);
    }
    ids.add(id);
    parseDuration(step.timeout, `build.steps[${index}].timeout`);
  });
}

function requireLogging({ sent }: StoredBuild): void {
  const mode = sent.options?.logging ?? "LOGGING_UNSPECIFIED";
  if (mode === "CLOUD_LOGGING_ONLY" || mode === "NONE") return;
  if (sent.serviceAccount !== undefined && sent.logsBucket === undefined) {
    throw invalid(
      "if 'build.service_account' is specified, the build must either (a) specify 'build.logs_bucket', (b) use the REGIONAL_USER_OWNED_BUCKET build.options.default_logs_bucket_behavior option, or (c) use either CLOUD_LOGGING_ONLY / NONE logging options: invalid argument",
    );
  }
  throw invalid(
    "The emulated Cloud Build writes no logs into buckets: set options.logging to CLOUD_LOGGING_ONLY.",
  );
}

/** The build's account must exist, and whoever asks for the build must be allowed to act as it. */
function requireAccount(
  cloud: Cloud,
  build: StoredBuild,
  caller: Member | undefined,
): void {
  const account = cloud.serviceAccount(build.account);
  const owner = [...cloud.projects.values()].find((project) =>
    project.serviceAccounts.has(build.account),
  );
  if (account === undefined || owner === undefined || account.disabled) {
    throw new GoogleError(
      "NOT_FOUND",
      `Requested entity was not found: service account ${build.account}`,
    );
  }
  const policies = [account.policy, owner.policy];
  const permission = "iam.serviceAccounts.actAs";
  if (caller !== undefined && !hasPermission(policies, caller, permission)) {
    throw new GoogleError(
      "PERMISSION_DENIED",
      `caller does not have permission to act as service account projects/${build.projectId}/serviceAccounts/${account.uniqueId}`,
    );
  }
}

function requireSource(cloud: Cloud, build: StoredBuild): void {
  const { storageSource } = build.sent.source ?? {};
  if (storageSource === undefined) return;
  const { bucket = "", object = "" } = storageSource;
  try {
    openObject(cloud, bucket, object, `serviceAccount:${build.account}`);
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error;
    const reason = error.status === "NOT_FOUND" ? "notFound" : "forbidden";
    throw invalid(
      `could not resolve source: googleapi: Error ${error.httpStatus}: ${error.message}, ${reason}`,
    );
  }
}

function invalid(text: string): GoogleError {
  return new GoogleError("INVALID_ARGUMENT", text);
}
