import { Hono } from "hono";
import type { Api, ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { PROJECT_ID } from "../../core/project-id.ts";
import { addPolicyRoutes } from "../../core/policy-routes.ts";
import { ACCESS } from "./access.ts";
import { createProject } from "./create-project.ts";
import { policyResource } from "./policy-resource.ts";
import { listProjects, searchProjects } from "./list-projects.ts";
import { toProjectV1, toProjectV3 } from "./project.ts";

/** Projects and their IAM policies, v1 as gcloud uses it and v3. */
export function resourceManagerApi(cloud: Cloud): Api {
  const routes = new Hono<ApiEnv>();
  routes.get("/v1/projects", (c) => c.json(listProjects(c, cloud)));
  routes.post("/v1/projects", (c) => createProject(c, cloud));
  routes.get(`/v1/projects/:project{${PROJECT_ID}}`, (c) =>
    c.json(toProjectV1(cloud.project(c.req.param("project")))),
  );
  routes.get("/v3/projects:search", (c) => c.json(searchProjects(c, cloud)));
  routes.get(`/v3/projects/:project{${PROJECT_ID}}`, (c) =>
    c.json(toProjectV3(cloud.project(c.req.param("project")))),
  );
  routes.get("/v1/operations/:id{cp\\..+}", (c) =>
    c.json(findOperation(cloud, `operations/${c.req.param("id")}`)),
  );
  for (const version of ["v1", "v3"] as const) {
    addPolicyRoutes(routes, cloud, policyResource(cloud, version));
  }
  return {
    service: "cloudresourcemanager.googleapis.com",
    title: "Cloud Resource Manager API",
    hosts: /^cloudresourcemanager\.googleapis\.com$/,
    alwaysEnabled: true,
    access: ACCESS,
    routes,
  };
}

function findOperation(cloud: Cloud, name: string): object {
  const operation = cloud.operations.get(name);
  if (operation !== undefined) return operation;
  throw new GoogleError("NOT_FOUND", `Operation not found: ${name}`);
}
