import { type Context, Hono } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud, Member } from "../../core/cloud.ts";
import { disabled } from "../../core/enablement.ts";
import { GoogleError } from "../../core/google-error.ts";
import { hasPermission } from "../../core/policy.ts";
import type { CacheOwner } from "./cache.ts";
import {
  createCache,
  removeCache,
  showCache,
  showCaches,
} from "./cache-calls.ts";
import { embedContent, predictEmbeddings } from "./embed-content.ts";
import { suffer } from "./faults.ts";
import { count, generate, type Target } from "./generate.ts";
import { isServedIn } from "./locations.ts";
import { findModel, type Model } from "./models.ts";
import { invalid } from "./request.ts";
import { geminiOf } from "./state.ts";

export const VERTEX = {
  service: "aiplatform.googleapis.com",
  title: "Vertex AI API",
} as const;

export const PREDICT = "aiplatform.endpoints.predict";

/** Which calls a model of each mode takes. */
const METHODS: Record<Model["mode"], string[]> = {
  chat: ["generateContent", "streamGenerateContent", "countTokens"],
  embedding: ["embedContent", "predict", "countTokens"],
};

const LOCATION = /^(global|us|eu|[a-z]+-[a-z]+\d{1,2})$/;

/** Gemini on Vertex AI: the caller's identity needs a role in the project. */
export function vertexRoutes(cloud: Cloud): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.post(
    "/:version{v1|v1beta1}/projects/:project/locations/:location/publishers/google/models/:call{[^/:]+:[A-Za-z]+}",
    async (c) => {
      const { project, location, call } = c.req.param();
      const [name = "", method = ""] = call.split(":");
      const resource = `projects/${project}/locations/${location}/publishers/google/models/${name}`;
      requireAccess(cloud, c.var.caller, PREDICT, project, resource);
      requireLocation(location);
      const model = requireModel(name, location, method, resource);
      await suffer(geminiOf(cloud), name);
      const owner = ownerOf(cloud, project, location);
      const target: Target = { platform: "vertex_ai", model, owner };
      switch (method) {
        case "countTokens":
          return count(c, target);
        case "embedContent":
          return embedContent(c, model);
        case "predict":
          return predictEmbeddings(c, model);
        default:
          return generate(
            c,
            geminiOf(cloud),
            target,
            method !== "generateContent",
          );
      }
    },
  );
  addCacheRoutes(routes, cloud);
  return routes;
}

type CacheContext = Context<ApiEnv, typeof CACHES>;

const CACHES =
  "/:version{v1|v1beta1}/projects/:project/locations/:location/cachedContents";

function addCacheRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  const state = geminiOf(cloud);
  const enter = (c: CacheContext, verb: string): CacheOwner => {
    const { project, location } = c.req.param();
    const permission = `aiplatform.cachedContents.${verb}`;
    const resource = `projects/${project}/locations/${location}`;
    requireAccess(cloud, c.var.caller, permission, project, resource);
    requireLocation(location);
    return ownerOf(cloud, project, location);
  };
  const nameIn = (owner: CacheOwner, id: string) =>
    `${owner.parent}cachedContents/${id}`;
  routes.post(CACHES, (c) => {
    const { location } = c.req.param();
    const owner = enter(c, "create");
    return createCache(c, state, owner, (name) =>
      requireModel(name, location, "generateContent", name),
    );
  });
  routes.get(CACHES, (c) => showCaches(c, state, enter(c, "list")));
  routes.get(`${CACHES}/:id`, (c) => {
    const owner = enter(c, "get");
    return showCache(c, state, owner, nameIn(owner, c.req.param("id")));
  });
  routes.delete(`${CACHES}/:id`, (c) => {
    const owner = enter(c, "delete");
    return removeCache(c, state, owner, nameIn(owner, c.req.param("id")));
  });
}

/** Caches belong to a project and a location; their names have the project's number. */
function ownerOf(cloud: Cloud, project: string, location: string): CacheOwner {
  const { projectNumber } = cloud.project(project);
  const parent = `projects/${projectNumber}/locations/${location}/`;
  return {
    id: parent,
    parent,
    modelName: ({ name }) =>
      `projects/${project}/locations/${location}/publishers/google/models/${name}`,
  };
}

function requireLocation(location: string): void {
  if (LOCATION.test(location)) return;
  throw invalid(`Invalid location ID '${location}'.`);
}

/** Throws PERMISSION_DENIED where the API is not enabled or the caller has no role with the permission. */
export function requireAccess(
  cloud: Cloud,
  caller: Member,
  permission: string,
  projectId: string,
  resource: string,
): void {
  const project = cloud.findProject(projectId);
  if (project !== undefined && !cloud.isEnabled(project, VERTEX.service)) {
    throw disabled(VERTEX, project);
  }
  if (
    project !== undefined &&
    hasPermission([project.policy], caller, permission)
  ) {
    return;
  }
  const full = `//${VERTEX.service}/${resource}`;
  throw new GoogleError(
    "PERMISSION_DENIED",
    `Permission '${permission}' denied on resource '${full}' (or it may not exist).`,
    [
      {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        reason: "IAM_PERMISSION_DENIED",
        domain: VERTEX.service,
        metadata: { permission, resource },
      },
    ],
  );
}

function requireModel(
  name: string,
  location: string,
  method: string,
  resource: string,
): Model {
  const model = findModel("vertex_ai", name);
  if (model === undefined || !isServedIn(location, name)) {
    throw new GoogleError(
      "NOT_FOUND",
      `Publisher Model \`${resource}\` was not found or your project does not have access to it. Please ensure you are using a valid model version. For more information, see: https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions`,
    );
  }
  if (!METHODS[model.mode].includes(method)) {
    throw invalid(`${name} is not supported in the ${method} API.`);
  }
  return model;
}
