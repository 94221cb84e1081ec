import { createHash } from "node:crypto";
import { UserError } from "../errors.ts";
import type { ReadApi } from "../google/rest.ts";
import type { Settings } from "../settings/settings.ts";
import type { Revision, Service } from "./knative.ts";
import type { Binding, SecretState, State } from "./state.ts";

/** APIs that a deploy needs; which of them are enabled is part of the state. */
export const NEEDED_APIS = [
  "aiplatform.googleapis.com",
  "iam.googleapis.com",
  "run.googleapis.com",
  "secretmanager.googleapis.com",
] as const;

/** Reads everything that an env is concerned with, in one parallel round. */
export async function readState(
  read: ReadApi,
  settings: Settings,
): Promise<State> {
  const [
    project,
    billingEnabled,
    enabledApis,
    projectBindings,
    serviceAccount,
    config,
    masterKey,
    geminiKey,
    service,
    serviceBindings,
    revisions,
    services,
  ] = await Promise.all([
    readProject(read, settings.projectId),
    readBilling(read, settings.projectId),
    readEnabledApis(read, settings.projectId),
    readProjectBindings(read, settings.projectId),
    readServiceAccount(read, settings),
    readSecret(read, settings.projectId, settings.configSecret, true),
    readSecret(read, settings.projectId, settings.masterKeySecret),
    readSecret(read, settings.projectId, settings.geminiKeySecret),
    readService(read, settings),
    readServiceBindings(read, settings),
    readRevisions(read, settings),
    readServices(read, settings.projectId),
  ]);
  return {
    project,
    billingEnabled,
    enabledApis,
    projectBindings,
    serviceAccount,
    secrets: { config, masterKey, geminiKey },
    service,
    serviceBindings,
    revisions,
    otherServices: services.filter((s) => !isSameService(s, settings)),
  };
}

async function readProject(
  read: ReadApi,
  projectId: string,
): Promise<State["project"]> {
  const project = (await read({
    api: "cloudresourcemanager",
    path: `v1/projects/${projectId}`,
  })) as (State["project"] & { lifecycleState: string }) | undefined;
  if (project?.lifecycleState !== "ACTIVE") {
    throw new UserError(
      `there is no active project ${projectId}, or the account that gcloud uses cannot see it`,
      { hint: "List yours: gcloud projects list" },
    );
  }
  return project;
}

async function readBilling(
  read: ReadApi,
  projectId: string,
): Promise<boolean | undefined> {
  const info = (await read({
    api: "cloudbilling",
    path: `v1/projects/${projectId}/billingInfo`,
  }).catch(() => undefined)) as { billingEnabled?: boolean } | undefined;
  return info === undefined ? undefined : (info.billingEnabled ?? false);
}

async function readEnabledApis(
  read: ReadApi,
  projectId: string,
): Promise<Set<string>> {
  const query = NEEDED_APIS.map(
    (api) => `names=projects/${projectId}/services/${api}`,
  ).join("&");
  const { services } = (await read({
    api: "serviceusage",
    path: `v1/projects/${projectId}/services:batchGet?${query}`,
  })) as { services: { name: string; state: string }[] };
  return new Set(
    services
      .filter((s) => s.state === "ENABLED")
      .map((s) => s.name.split("/").at(-1) ?? ""),
  );
}

async function readProjectBindings(
  read: ReadApi,
  projectId: string,
): Promise<Binding[]> {
  const policy = (await read({
    api: "cloudresourcemanager",
    path: `v1/projects/${projectId}:getIamPolicy`,
    body: { options: { requestedPolicyVersion: 3 } },
  })) as { bindings?: Binding[] } | undefined;
  return policy?.bindings ?? [];
}

async function readServiceAccount(
  read: ReadApi,
  settings: Settings,
): Promise<State["serviceAccount"]> {
  const account = (await read({
    api: "iam",
    path: `v1/projects/${settings.projectId}/serviceAccounts/${settings.serviceAccount}`,
  })) as
    { email: string; description?: string; disabled?: boolean } | undefined;
  return (
    account && {
      email: account.email,
      description: account.description ?? "",
      disabled: account.disabled ?? false,
    }
  );
}

interface RawSecret {
  name: string;
  labels?: Record<string, string>;
  etag?: string;
  versionAliases?: Record<string, string>;
}

async function readSecret(
  read: ReadApi,
  projectId: string,
  name: string,
  withContent = false,
): Promise<SecretState | undefined> {
  const path = `v1/projects/${projectId}/secrets/${name}`;
  const api = "secretmanager";
  const [secret, versions, policy] = (await Promise.all([
    read({ api, path }),
    readPages(read, { api, path: `${path}/versions?pageSize=250` }),
    read({
      api,
      path: `${path}:getIamPolicy?options.requestedPolicyVersion=3`,
    }),
  ])) as [
    RawSecret | undefined,
    { name: string; state: SecretState["versions"][number]["state"] }[],
    { bindings?: Binding[] } | undefined,
  ];
  if (secret === undefined) return undefined;
  const state: SecretState = {
    name,
    labels: secret.labels ?? {},
    etag: secret.etag ?? "",
    aliases: Object.fromEntries(
      Object.entries(secret.versionAliases ?? {}).map(([alias, number]) => [
        alias,
        Number(number),
      ]),
    ),
    versions: versions
      .map((v) => ({
        number: Number(v.name.split("/").at(-1)),
        state: v.state,
      }))
      .sort((a, b) => b.number - a.number),
    bindings: policy?.bindings ?? [],
  };
  const unaliased = withContent ? findUnaliased(state) : undefined;
  if (unaliased === undefined) return state;
  const content = (await read({
    api,
    path: `${path}/versions/${String(unaliased)}:access`,
  })) as { payload: { data: string } } | undefined;
  const bytes = Buffer.from(content?.payload.data ?? "", "base64");
  return {
    ...state,
    unaliasedSha256: createHash("sha256").update(bytes).digest("hex"),
  };
}

/** A run that was killed between adding a version and naming it leaves one without an alias. */
function findUnaliased(secret: SecretState): number | undefined {
  const newest = secret.versions.find((v) => v.state === "ENABLED")?.number;
  return newest !== undefined && !Object.values(secret.aliases).includes(newest)
    ? newest
    : undefined;
}

async function readPages(
  read: ReadApi,
  call: { api: "secretmanager"; path: string },
): Promise<{ name: string; state: string }[]> {
  const found: { name: string; state: string }[] = [];
  let token = "";
  do {
    const page = (await read({
      ...call,
      path: token === "" ? call.path : `${call.path}&pageToken=${token}`,
    })) as
      | { versions?: { name: string; state: string }[]; nextPageToken?: string }
      | undefined;
    found.push(...(page?.versions ?? []));
    token = encodeURIComponent(page?.nextPageToken ?? "");
  } while (token !== "");
  return found;
}

const NAMESPACES = "apis/serving.knative.dev/v1/namespaces";

async function readService(
  read: ReadApi,
  { projectId, region, service }: Settings,
): Promise<Service | undefined> {
  const path = `${NAMESPACES}/${projectId}/services/${service}`;
  return (await read({ api: "run", region, path })) as Service | undefined;
}

async function readServiceBindings(
  read: ReadApi,
  { projectId, region, service }: Settings,
): Promise<Binding[]> {
  const path = `v1/projects/${projectId}/locations/${region}/services/${service}:getIamPolicy?options.requestedPolicyVersion=3`;
  const policy = (await read({ api: "run", path })) as
    { bindings?: Binding[] } | undefined;
  return policy?.bindings ?? [];
}

async function readRevisions(
  read: ReadApi,
  { projectId, region, service }: Settings,
): Promise<Revision[]> {
  const selector = encodeURIComponent(`serving.knative.dev/service=${service}`);
  const path = `${NAMESPACES}/${projectId}/revisions?labelSelector=${selector}`;
  const list = (await read({ api: "run", region, path })) as
    { items?: Revision[] } | undefined;
  return (list?.items ?? []).sort((a, b) =>
    (b.metadata.creationTimestamp ?? "").localeCompare(
      a.metadata.creationTimestamp ?? "",
    ),
  );
}

async function readServices(
  read: ReadApi,
  projectId: string,
): Promise<Service[]> {
  const list = (await read({
    api: "run",
    path: `v1/projects/${projectId}/locations/-/services`,
  })) as { items?: Service[] } | undefined;
  return list?.items ?? [];
}

function isSameService(service: Service, settings: Settings): boolean {
  return (
    service.metadata.name === settings.service &&
    service.metadata.labels?.["cloud.googleapis.com/location"] ===
      settings.region
  );
}
