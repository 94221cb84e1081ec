import type { Access } from "../../core/access.ts";
import { serviceKey } from "./service-commands.ts";
import { runOf } from "./state.ts";

/** github.com/iann0036/iam-dataset, gcp/map.json of 22 August 2026; the words are those of github.com/google-github-actions/deploy-cloudrun/issues/182. */
export const ACCESS: Access = {
  permissions: {
    "GET services": "run.services.list",
    "POST services": "run.services.create",
    "GET services/*": "run.services.get",
    "PUT services/*": "run.services.update",
    "DELETE services/*": "run.services.delete",
    "GET services/*:getIamPolicy": "run.services.getIamPolicy",
    "POST services/*:setIamPolicy": "run.services.setIamPolicy",
    "POST services/*:testIamPermissions": null,
    "GET configurations": "run.configurations.list",
    "GET configurations/*": "run.configurations.get",
    "GET routes": "run.routes.list",
    "GET routes/*": "run.routes.get",
    "GET revisions": "run.revisions.list",
    "GET revisions/*": "run.revisions.get",
    "GET services/*/revisions": "run.revisions.list",
    "GET services/*/revisions/*": "run.revisions.get",
    "DELETE revisions/*": "run.revisions.delete",
    "GET operations": "run.operations.list",
    "GET operations/*": "run.operations.get",
    "POST operations/*:wait": "run.operations.get",
    "GET locations": "run.locations.list",
  },
  // A service of a namespace is named without its region, which only the host says: the project's policy decides.
  policies({ project, resource }) {
    if (project === undefined) return [];
    const [, region, name] =
      /\/locations\/([^/]+)\/services\/([^/]+)$/.exec(resource) ?? [];
    const { services } = runOf(project);
    return [services.get(serviceKey(region ?? "", name ?? ""))?.policy];
  },
  denied: (permission, { resource }) =>
    `Permission '${permission}' denied on resource '${resource}' (or resource may not exist).`,
};
