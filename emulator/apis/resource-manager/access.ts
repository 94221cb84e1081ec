import type { Access } from "../../core/access.ts";

/** What Google says to who may not set a project's policy (github.com/fullsend-ai/fullsend/issues/1264). */
export const UPDATE_DENIED = "Policy update access denied.";

/** Lists show what the caller may see; who may make projects is for an organisation to say. */
export const ACCESS: Access = {
  permissions: {
    "GET projects": null,
    "POST projects": null,
    "GET projects:search": null,
    "GET operations/*": null,
    "GET project": "resourcemanager.projects.get",
    "POST project:getIamPolicy": "resourcemanager.projects.getIamPolicy",
    "POST project:setIamPolicy": "resourcemanager.projects.setIamPolicy",
    "POST project:testIamPermissions": null,
  },
  denied: (permission) =>
    permission === "resourcemanager.projects.setIamPolicy"
      ? UPDATE_DENIED
      : "The caller does not have permission",
};
