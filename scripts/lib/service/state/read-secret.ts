import { createHash } from "node:crypto";
import type { ReadApi } from "../../google/rest.ts";
import type { Binding } from "../../google/policy.ts";
import type { SecretState } from "./state.ts";

interface RawSecret {
  name: string;
  labels?: Record<string, string>;
  etag?: string;
  versionAliases?: Record<string, string>;
  versionDestroyTtl?: string;
}

/** A secret with its versions and bindings; undefined where there is none. */
export async function readSecret(
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
    ...(secret.versionDestroyTtl !== undefined && {
      destroyTtl: secret.versionDestroyTtl,
    }),
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
