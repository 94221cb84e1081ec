import { newPolicy } from "../../core/policy.ts";
import type { PolicyResource } from "../../core/policy-routes.ts";
import type { RunContext } from "./context.ts";
import { findService, placeOf } from "./place.ts";
import { serviceKey } from "./service-commands.ts";
import { runOf } from "./state.ts";

export function policyResource({ cloud }: RunContext): PolicyResource {
  return {
    collection: "/v1/projects/:project/locations/:location/services",
    method: "GET",
    rules: {
      takesRole: (role) => role.startsWith("roles/run."),
      takesPublic: true,
    },
    find(c, name, verb) {
      const place = placeOf(c, cloud);
      const { project, region } = place;
      const above = [project.policy];
      if (verb !== "testIamPermissions") {
        return { resource: findService(place, name), above };
      }
      // gcloud asks before the service is there: then the project's policy decides.
      const service = runOf(project).services.get(serviceKey(region, name));
      return { resource: service ?? { policy: newPolicy() }, above };
    },
  };
}
