import type { Cloud } from "../../core/cloud.ts";
import type { PolicyResource, PolicyVerb } from "../../core/policy-routes.ts";
import { openRepository, projectOf } from "./repository.ts";

/** What the caller must hold. */
const PERMISSIONS: Record<PolicyVerb, string> = {
  getIamPolicy: "artifactregistry.repositories.getIamPolicy",
  setIamPolicy: "artifactregistry.repositories.setIamPolicy",
  testIamPermissions: "artifactregistry.repositories.get",
};

export function policyResource(cloud: Cloud): PolicyResource {
  return {
    collection: "/v1/projects/:project/locations/:location/repositories",
    method: "GET",
    rules: {
      takesRole: (role) => role.startsWith("roles/artifactregistry."),
      takesPublic: true,
    },
    find(c, id, verb) {
      const { project = "", location = "" } = c.req.param();
      const name = `projects/${project}/locations/${location}/repositories/${id}`;
      const { caller } = c.var;
      const found = openRepository(cloud, name, caller, PERMISSIONS[verb]);
      return { resource: found, above: [projectOf(cloud, found).policy] };
    },
  };
}
