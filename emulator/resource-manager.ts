import { Hono } from "hono";
import type { Api, ApiEnv } from "./api.ts";
import type { Cloud, Project } from "./cloud.ts";

/** Projects and their IAM policies, v1 and v3. */
export function resourceManagerApi(cloud: Cloud): Api {
  const routes = new Hono<ApiEnv>();
  routes.get("/v1/projects/:project{[^/:]+}", (c) =>
    c.json(toProject(cloud.project(c.req.param("project")))),
  );
  return {
    service: "cloudresourcemanager.googleapis.com",
    title: "Cloud Resource Manager API",
    hosts: /^cloudresourcemanager\.googleapis\.com$/,
    alwaysEnabled: true,
    routes,
  };
}

function toProject(project: Project): object {
  return {
    projectNumber: project.projectNumber,
    projectId: project.projectId,
    lifecycleState: "ACTIVE",
    name: project.projectId,
    createTime: project.createTime,
  };
}
