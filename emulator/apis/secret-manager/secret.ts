import type { Project, StoredSecret } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { nameOf } from "./find-secret.ts";

/** A secret as Secret Manager shows it. */
export function toSecret(project: Project, secret: StoredSecret): object {
  const { id, createTime, labels, annotations, versionAliases, etag } = secret;
  const { versionDestroyTtl } = secret;
  const aliases = Object.entries(versionAliases).map(
    ([alias, version]) => [alias, String(version)] as const,
  );
  return {
    name: nameOf(project, id),
    replication: toReplication(secret.locations),
    createTime,
    ...(Object.keys(labels).length > 0 && { labels }),
    etag,
    ...(aliases.length > 0 && { versionAliases: Object.fromEntries(aliases) }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
    ...(versionDestroyTtl !== undefined && { versionDestroyTtl }),
  };
}

/** Throws FAILED_PRECONDITION on an etag that is not the current one. */
export function requireEtag(sent: string | undefined, current: string): void {
  if (sent === undefined || sent === "" || sent === current) return;
  throw new GoogleError(
    "FAILED_PRECONDITION",
    `The etag provided in the request: [${sent}] does not match the current etag of the resource: [${current}].`,
  );
}

function toReplication(locations: string[] | undefined): object {
  return locations === undefined
    ? { automatic: {} }
    : {
        userManaged: { replicas: locations.map((location) => ({ location })) },
      };
}
