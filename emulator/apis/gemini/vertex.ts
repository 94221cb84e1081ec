import { Hono } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud, Member } from "../../core/cloud.ts";
import { disabled } from "../../core/enablement.ts";
import { GoogleError } from "../../core/google-error.ts";
import { hasPermission } from "../../core/policy.ts";
import { embedContent, predictEmbeddings } from "./embed-content.ts";
import { suffer } from "./faults.ts";
import { count, generate } from "./generate.ts";
import { findModel, type Model } from "./models.ts";
import { invalid } from "./request.ts";
import { geminiOf } from "./state.ts";

export const VERTEX = {
  service: "aiplatform.googleapis.com",
  title: "Vertex AI API",
} as const;

const PERMISSION = "aiplatform.endpoints.predict";

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
      requireAccess(cloud, c.var.caller, project, resource);
      if (!LOCATION.test(location)) {
        throw invalid(`Invalid location ID '${location}'.`);
      }
      const model = requireModel(name, location, method, resource);
      await suffer(geminiOf(cloud), name);
      switch (method) {
        case "countTokens":
          return count(c);
        case "embedContent":
          return embedContent(c, model);
        case "predict":
          return predictEmbeddings(c, model);
        default:
          return generate(
            c,
            geminiOf(cloud),
            model,
            method !== "generateContent",
          );
      }
    },
  );
  return routes;
}

function requireAccess(
  cloud: Cloud,
  caller: Member,
  projectId: string,
  resource: string,
): void {
  const project = cloud.findProject(projectId);
  if (project !== undefined && !cloud.isEnabled(project, VERTEX.service)) {
    throw disabled(VERTEX, project);
  }
  if (
    project !== undefined &&
    hasPermission([project.policy], caller, PERMISSION)
  ) {
    return;
  }
  const full = `//${VERTEX.service}/${resource}`;
  throw new GoogleError(
    "PERMISSION_DENIED",
    `Permission '${PERMISSION}' denied on resource '${full}' (or it may not exist).`,
    [
      {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        reason: "IAM_PERMISSION_DENIED",
        domain: VERTEX.service,
        metadata: { permission: PERMISSION, resource },
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
  if (model === undefined || (model.globalOnly && location !== "global")) {
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
