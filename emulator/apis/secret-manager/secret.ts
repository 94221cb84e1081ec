import type { Project, StoredSecret } from "../../core/cloud.ts";
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

function toReplication(locations: string[] | undefined): object {
  return locations === undefined
    ? { automatic: {} }
    : {
        userManaged: { replicas: locations.map((location) => ({ location })) },
      };
}
