import { randomUUID } from "node:crypto";
import type { Cloud, Member, Project } from "../../core/cloud.ts";
import { checkBuild } from "./check-build.ts";
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
  checkBuild(cloud, build, origin.caller);
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
