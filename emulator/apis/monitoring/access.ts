import type { Access } from "../../core/access.ts";

/** github.com/iann0036/iam-dataset, gcp/map.json of 22 August 2026; a patch asks for `get` too, which every role with `update` has. */
export const ACCESS: Access = {
  permissions: {
    ...permissionsOf("alertPolicies"),
    ...permissionsOf("notificationChannels"),
    ...permissionsOf("uptimeCheckConfigs"),
  },
  denied: (permission, { resource }) =>
    `Permission ${permission} denied (or the resource may not exist): ${resource}`,
};

function permissionsOf(collection: string): Record<string, string> {
  const permission = `monitoring.${collection}`;
  return {
    [`GET ${collection}`]: `${permission}.list`,
    [`POST ${collection}`]: `${permission}.create`,
    [`GET ${collection}/*`]: `${permission}.get`,
    [`PATCH ${collection}/*`]: `${permission}.update`,
    [`DELETE ${collection}/*`]: `${permission}.delete`,
  };
}
