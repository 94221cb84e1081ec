import type { Access } from "../../core/access.ts";
import type { Cloud } from "../../core/cloud.ts";

const ACCOUNT = "iam.serviceAccounts";
const POOL = "iam.googleapis.com/workloadIdentityPools";
const PROVIDER = "iam.googleapis.com/workloadIdentityPoolProviders";

/** github.com/iann0036/iam-dataset, gcp/map.json of 22 August 2026. */
export function accessOf(cloud: Cloud): Access {
  return {
    permissions: {
      "GET serviceAccounts": `${ACCOUNT}.list`,
      "POST serviceAccounts": `${ACCOUNT}.create`,
      "GET serviceAccounts/*": `${ACCOUNT}.get`,
      "PATCH serviceAccounts/*": `${ACCOUNT}.update`,
      "PUT serviceAccounts/*": `${ACCOUNT}.update`,
      "DELETE serviceAccounts/*": `${ACCOUNT}.delete`,
      "POST serviceAccounts/*:disable": `${ACCOUNT}.disable`,
      "POST serviceAccounts/*:enable": `${ACCOUNT}.enable`,
      "POST serviceAccounts/*:undelete": `${ACCOUNT}.undelete`,
      "POST serviceAccounts/*:getIamPolicy": `${ACCOUNT}.getIamPolicy`,
      "POST serviceAccounts/*:setIamPolicy": `${ACCOUNT}.setIamPolicy`,
      "POST serviceAccounts/*:testIamPermissions": null,
      ...permissionsOf("workloadIdentityPools", POOL),
      ...permissionsOf("workloadIdentityPools/*/providers", PROVIDER),
      "GET workloadIdentityPools/*/operations/*": `${POOL}.get`,
      "GET workloadIdentityPools/*/providers/*/operations/*": `${PROVIDER}.get`,
    },
    policies({ resource }) {
      const name = resource.slice(resource.lastIndexOf("/") + 1);
      const projects = [...cloud.projects.values()];
      for (const { serviceAccounts, policy } of projects) {
        const account = [...serviceAccounts.values()].find(
          ({ email, uniqueId }) => email === name || uniqueId === name,
        );
        if (account !== undefined) return [account.policy, policy];
      }
      // Of no project: who may look in any learns that there is none.
      const anywhere = resource.startsWith("projects/-/");
      return anywhere ? projects.map(({ policy }) => policy) : [];
    },
    denied: (permission) =>
      `Permission '${permission}' denied on resource (or it may not exist).`,
  };
}

function permissionsOf(
  collection: string,
  permission: string,
): Record<string, string> {
  return {
    [`GET ${collection}`]: `${permission}.list`,
    [`POST ${collection}`]: `${permission}.create`,
    [`GET ${collection}/*`]: `${permission}.get`,
    [`PATCH ${collection}/*`]: `${permission}.update`,
    [`DELETE ${collection}/*`]: `${permission}.delete`,
    [`POST ${collection}/*:undelete`]: `${permission}.undelete`,
  };
}
