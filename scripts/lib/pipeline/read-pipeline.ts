import {
  PIPELINE_ACCOUNTS,
  type PipelineAccount,
  accountEmail,
} from "./accounts.ts";
import type { PipelinePlace } from "./place.ts";
import { PIPELINE_APIS } from "./apis.ts";
import { readPages } from "../google/pages.ts";
import type { ReadApi } from "../google/rest.ts";
import type {
  CloudResource,
  PipelineState,
  PipelineResources,
  Trigger,
} from "./pipeline-state.ts";
import {
  readAccount,
  readAccountBindings,
  readBilling,
  readBindings,
  readEnabledApis,
  readProject,
  readProjectBindings,
} from "../service/state/read-project.ts";
import { noBilling } from "../service/state/read-state.ts";

/**
 * Reads what there is of the pipeline, in one parallel round. Throws UserError
 * where there is no such project, or it has no billing account.
 */
export async function readPipelineState(
  read: ReadApi,
  place: PipelinePlace,
): Promise<PipelineState> {
  const { projectId } = place;
  const resources = readResources(read, place);
  // Told only once the project itself is known to be right.
  resources.catch(() => undefined);
  const [project, billingEnabled] = await Promise.all([
    readProject(read, projectId),
    readBilling(read, projectId),
  ]);
  if (billingEnabled === false) throw noBilling(projectId);
  return { project, billingEnabled, ...(await resources) };
}

async function readResources(
  read: ReadApi,
  place: PipelinePlace,
): Promise<Omit<PipelineState, "project" | "billingEnabled">> {
  const { projectId, region } = place;
  const [
    enabledApis,
    projectBindings,
    accounts,
    repository,
    bucket,
    pipeline,
    triggers,
  ] = await Promise.all([
    readEnabledApis(read, projectId, PIPELINE_APIS),
    readProjectBindings(read, projectId),
    readAccounts(read, projectId),
    readRepository(read, place),
    readBucket(read, place),
    readPipelineResources(read, place),
    readPages<CloudResource>(read, {
      api: "cloudbuild",
      path: `v1/projects/${projectId}/locations/${region}/triggers`,
      field: "triggers",
    }),
  ]);
  return {
    enabledApis,
    projectBindings,
    accounts,
    repository,
    bucket,
    ...pipeline,
    triggers: triggers as unknown as Trigger[],
  };
}

export async function readPipelineResources(
  read: ReadApi,
  { projectId, region, pipeline }: PipelinePlace,
): Promise<PipelineResources> {
  const api = "clouddeploy";
  const location = `v1/projects/${projectId}/locations/${region}`;
  const path = `${location}/deliveryPipelines/${pipeline}`;
  const [found, targets, automations] = await Promise.all([
    read({ api, path }),
    readPages<CloudResource>(read, {
      api,
      path: `${location}/targets`,
      field: "targets",
    }),
    readPages<CloudResource>(read, {
      api,
      path: `${path}/automations`,
      field: "automations",
    }),
  ]);
  return { pipeline: found as CloudResource | undefined, targets, automations };
}

async function readAccounts(
  read: ReadApi,
  projectId: string,
): Promise<PipelineState["accounts"]> {
  const names = Object.keys(PIPELINE_ACCOUNTS) as PipelineAccount[];
  const accounts = names.map(async (name) => {
    const email = accountEmail(projectId, name);
    const [account, bindings] = await Promise.all([
      readAccount(read, projectId, email),
      readAccountBindings(read, projectId, email),
    ]);
    return [name, account && { ...account, bindings }] as const;
  });
  return Object.fromEntries(
    await Promise.all(accounts),
  ) as PipelineState["accounts"];
}

async function readRepository(
  read: ReadApi,
  { projectId, region, repository }: PipelinePlace,
): Promise<PipelineState["repository"]> {
  const api = "artifactregistry";
  const path = `v1/projects/${projectId}/locations/${region}/repositories/${repository}`;
  const [found, bindings] = await Promise.all([
    read({ api, path }),
    readBindings(read, {
      api,
      path: `${path}:getIamPolicy?options.requestedPolicyVersion=3`,
    }),
  ]);
  if (found === undefined) return undefined;
  return { labels: (found as CloudResource).labels ?? {}, bindings };
}

async function readBucket(
  read: ReadApi,
  { bucket }: PipelinePlace,
): Promise<PipelineState["bucket"]> {
  const [found, bindings] = await Promise.all([
    read({ api: "storage", path: `b/${bucket}` }),
    readBindings(read, {
      api: "storage",
      path: `b/${bucket}/iam?optionsRequestedPolicyVersion=3`,
    }),
  ]);
  if (found === undefined) return undefined;
  const { labels = {}, projectNumber = "" } = found as {
    labels?: Record<string, string>;
    projectNumber?: string;
  };
  return { labels, projectNumber, bindings };
}
