import type { ReadApi } from "./rest.ts";

/** Bytes of a version (Secret Manager, "Quotas and limits"). */
export const MAX_VERSION_BYTES = 64 * 1024;

/** The number of a version by its resource name, as gcloud prints it. */
export function versionNumber(name: string): number {
  return Number(name.trim().split("/").at(-1));
}

/** The content of a version (a number or an alias) that is no secret value; undefined: there is none. */
export async function readVersion(
  read: ReadApi,
  projectId: string,
  secret: string,
  version: string | number,
): Promise<Buffer | undefined> {
  const found = (await read({
    api: "secretmanager",
    path: `v1/projects/${projectId}/secrets/${secret}/versions/${version}:access`,
  })) as { payload: { data: string } } | undefined;
  return found && Buffer.from(found.payload.data, "base64");
}
