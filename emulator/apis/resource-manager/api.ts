import { type Context, Hono } from "hono";
import {
  type Api,
  type ApiEnv,
  withVerb,
  withoutVerb,
} from "../../core/api.ts";
import type { Cloud, Project } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { int32, list, message, readBody, string } from "../../core/message.ts";
import { hasPermission, showPolicy } from "../../core/policy.ts";
import { type PolicyRules, readNewPolicy } from "../../core/policy-request.ts";
import { createProject } from "./create-project.ts";
import { listProjects, searchProjects } from "./list-projects.ts";
import { toProjectV1, toProjectV3 } from "./project.ts";

const RULES: PolicyRules = { takesRole: () => true, takesPublic: false };

const GET_IAM_POLICY = message({
  options: message({ requestedPolicyVersion: int32 }),
});

const TEST_IAM_PERMISSIONS = message({ permissions: list(string) });

/** Projects and their IAM policies, v1 as gcloud uses it and v3. */
export function resourceManagerApi(cloud: Cloud): Api {
  const routes = new Hono<ApiEnv>();
  routes.get("/v1/projects", (c) => c.json(listProjects(c, cloud)));
  routes.post("/v1/projects", (c) => createProject(c, cloud));
  routes.get("/v1/projects/:project{[^/:]+}", (c) =>
    c.json(toProjectV1(cloud.project(c.req.param("project")))),
  );
  routes.get("/v3/projects:search", (c) => c.json(searchProjects(c, cloud)));
  routes.get("/v3/projects/:project{[^/:]+}", (c) =>
    c.json(toProjectV3(cloud.project(c.req.param("project")))),
  );
  routes.get("/v1/operations/:id{cp\\..+}", (c) =>
    c.json(findOperation(cloud, `operations/${c.req.param("id")}`)),
  );
  addPolicyRoutes(routes, cloud);
  return {
    service: "cloudresourcemanager.googleapis.com",
    title: "Cloud Resource Manager API",
    hosts: /^cloudresourcemanager\.googleapis\.com$/,
    alwaysEnabled: true,
    routes,
  };
}

function addPolicyRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  const projectOf = (c: Context, element: string): Project =>
    cloud.project(withoutVerb(c.req.param(element) ?? ""));
  for (const version of ["v1", "v3"]) {
    const path = (verb: string) =>
      `/${version}/projects/${withVerb("project", verb)}`;
    routes.post(path("getIamPolicy"), async (c) => {
      const { policy } = projectOf(c, "project");
      const { options } = await readBody(c, GET_IAM_POLICY);
      return c.json(showPolicy(policy, options?.requestedPolicyVersion ?? 0));
    });
    routes.post(path("setIamPolicy"), async (c) => {
      const project = projectOf(c, "project");
      project.policy = await readNewPolicy(c, cloud, project.policy, RULES);
      return c.json(showPolicy(project.policy, 3));
    });
    routes.post(path("testIamPermissions"), async (c) => {
      const { policy } = projectOf(c, "project");
      const { permissions = [] } = await readBody(c, TEST_IAM_PERMISSIONS);
      const held = permissions.filter((permission) =>
        hasPermission([policy], c.var.caller, permission),
      );
      return c.json({ ...(held.length > 0 && { permissions: held }) });
    });
  }
}

function findOperation(cloud: Cloud, name: string): object {
  const operation = cloud.operations.get(name);
  if (operation !== undefined) return operation;
  throw new GoogleError("NOT_FOUND", `Operation not found: ${name}`);
}
