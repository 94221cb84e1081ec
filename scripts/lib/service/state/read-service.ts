import { UserError } from "../../cli/errors.ts";
import type { ReadApi } from "../../google/rest.ts";
import type { Settings } from "../../settings/settings.ts";
import type { Revision, Service } from "../../manifest/knative.ts";
import type { Binding } from "../../google/policy.ts";

const LOCATION = "cloud.googleapis.com/location";
const NAMESPACES = "apis/serving.knative.dev/v1/namespaces";

export async function readService(
  read: ReadApi,
  { projectId, region, service }: Settings,
): Promise<Service | undefined> {
  const path = `${NAMESPACES}/${projectId}/services/${service}`;
  return (await read({ api: "run", region, path })) as Service | undefined;
}

/** Throws UserError where there is no such revision. */
export async function readRevision(
  read: ReadApi,
  { projectId, region }: Settings,
  name: string,
): Promise<Revision> {
  const path = `${NAMESPACES}/${projectId}/revisions/${name}`;
  const revision = await read({ api: "run", region, path });
  if (revision !== undefined) return revision as Revision;
  throw new UserError(`there is no revision ${name}`, {
    hint: "Somebody removed it at the same time. Run it again.",
  });
}

export async function readServiceBindings(
  read: ReadApi,
  { projectId, region, service }: Settings,
): Promise<Binding[]> {
  const path = `v1/projects/${projectId}/locations/${region}/services/${service}:getIamPolicy?options.requestedPolicyVersion=3`;
  const policy = (await read({ api: "run", path })) as
    { bindings?: Binding[] } | undefined;
  return policy?.bindings ?? [];
}

export async function readRevisions(
  read: ReadApi,
  { projectId, region, service }: Settings,
): Promise<Revision[]> {
  const selector = encodeURIComponent(`serving.knative.dev/service=${service}`);
  const query = `?labelSelector=${selector}`;
  const revisions = await listRevisions(read, projectId, region, query);
  return revisions.sort((a, b) =>
    (b.metadata.creationTimestamp ?? "").localeCompare(
      a.metadata.creationTimestamp ?? "",
    ),
  );
}

/** Of all services in the regions of `services`. */
export async function readRevisionsBeside(
  read: ReadApi,
  projectId: string,
  services: readonly Service[],
): Promise<Revision[]> {
  const regions = new Set(
    services.flatMap(({ metadata }) => metadata.labels?.[LOCATION] ?? []),
  );
  const lists = [...regions].map((region) =>
    listRevisions(read, projectId, region, ""),
  );
  return (await Promise.all(lists)).flat();
}

async function listRevisions(
  read: ReadApi,
  projectId: string,
  region: string,
  query: string,
): Promise<Revision[]> {
  const path = `${NAMESPACES}/${projectId}/revisions${query}`;
  const list = (await read({ api: "run", region, path })) as
    { items?: Revision[] } | undefined;
  return list?.items ?? [];
}

export async function readServices(
  read: ReadApi,
  projectId: string,
): Promise<Service[]> {
  const list = (await read({
    api: "run",
    path: `v1/projects/${projectId}/locations/-/services`,
  })) as { items?: Service[] } | undefined;
  return list?.items ?? [];
}
