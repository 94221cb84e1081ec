import type { Access } from "../../core/access.ts";

/** Google's "Access control with IAM" of Secret Manager, and its list of permissions by role. */
export const ACCESS: Access = {
  permissions: {
    "GET secrets": "secretmanager.secrets.list",
    "POST secrets": "secretmanager.secrets.create",
    "GET secrets/*": "secretmanager.secrets.get",
    "PATCH secrets/*": "secretmanager.secrets.update",
    "DELETE secrets/*": "secretmanager.secrets.delete",
    "GET secrets/*:getIamPolicy": "secretmanager.secrets.getIamPolicy",
    "POST secrets/*:setIamPolicy": "secretmanager.secrets.setIamPolicy",
    "POST secrets/*:testIamPermissions": null,
    "POST secrets/*:addVersion": "secretmanager.versions.add",
    "GET secrets/*/versions": "secretmanager.versions.list",
    "GET secrets/*/versions/*": "secretmanager.versions.get",
    // accessSecret, which Cloud Run calls too.
    "GET secrets/*/versions/*:access": null,
    "POST secrets/*/versions/*:enable": "secretmanager.versions.enable",
    "POST secrets/*/versions/*:disable": "secretmanager.versions.disable",
    "POST secrets/*/versions/*:destroy": "secretmanager.versions.destroy",
  },
  policies({ project, resource }) {
    const name = /\/secrets\/([^/]+)/.exec(resource)?.[1] ?? "";
    return [project?.secrets.get(name)?.policy];
  },
  denied: (permission, { resource }) =>
    `Permission '${permission}' denied for resource '${resource}' (or it may not exist).`,
};
