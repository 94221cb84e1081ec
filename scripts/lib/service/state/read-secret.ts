import { createHash } from "node:crypto";
import { readPages } from "../../google/pages.ts";
import type { ReadApi } from "../../google/rest.ts";
import { readVersion, versionNumber } from "../../google/secret-versions.ts";
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
    readPages(read, {
      api,
      path: `${path}/versions`,
      query: { pageSize: "250" },
      field: "versions",
    }),
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
        number: versionNumber(v.name),
        state: v.state,
      }))
      .sort((a, b) => b.number - a.number),
    bindings: policy?.bindings ?? [],
    ...(secret.versionDestroyTtl !== undefined && {
      destroyTtl: secret.versionDestroyTtl,
    }),
  };
  const unaliased = withContent ? listUnaliased(state) : [];
  if (unaliased.length === 0) return state;
  const contents = unaliased.map(async (number) => ({
    number,
    sha256: await readHash(read, projectId, name, number),
  }));
  return { ...state, unaliased: await Promise.all(contents) };
}

/** As many as one deploy may store (a config and what lies beside it). */
const MOST_UNALIASED = 20;

/** A run that was killed between adding versions and naming them leaves some without an alias. */
function listUnaliased({ aliases, versions }: SecretState): number[] {
  const named = Math.max(0, ...Object.values(aliases));
  return versions
    .filter(({ number, state }) => number > named && state === "ENABLED")
    .map(({ number }) => number)
    .slice(0, MOST_UNALIASED);
}

async function readHash(
  read: ReadApi,
  projectId: string,
  secret: string,
  version: number,
): Promise<string> {
  const bytes = await readVersion(read, projectId, secret, version);
  return createHash("sha256")
    .update(bytes ?? "")
    .digest("hex");
}
