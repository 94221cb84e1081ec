import { ApiError } from "./api-error.ts";
import type { Deployment } from "./config.ts";

/** Google's status → LiteLLM's status, error type and exception. */
const ERRORS: Record<number, [number, string, string]> = {
  400: [400, "invalid_request_error", "BadRequestError"],
  401: [401, "authentication_error", "AuthenticationError"],
  403: [403, "permission_error", "BadRequestError"],
  404: [404, "invalid_request_error", "NotFoundError"],
  429: [429, "throttling_error", "RateLimitError"],
};

/** Calls Gemini where the deployment says, with its identity or key. Throws ApiError as LiteLLM words it. */
export async function callGemini(
  deployment: Deployment,
  method: string,
  body: object,
): Promise<Response> {
  const [provider = "", model = ""] = deployment.model.split(/\/(.*)/s);
  const isVertex = provider === "vertex_ai";
  if (!isVertex && provider !== "gemini") {
    throw new ApiError(
      400,
      "invalid_request_error",
      `litellm.BadRequestError: the stand-in knows no provider ${provider}.`,
    );
  }
  const response = await fetch(
    isVertex
      ? `${vertexBase()}/v1/projects/${deployment.project}/locations/${deployment.location}/publishers/google/models/${model}:${method}`
      : `${geminiBase()}/models/${model}:${method}`,
    {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        ...(isVertex
          ? { Authorization: `Bearer ${await accessToken()}` }
          : { "x-goog-api-key": deployment.apiKey }),
      },
      body: JSON.stringify(body),
    },
  );
  if (response.ok) return response;
  const text = await response.text();
  const badKey = text.includes("API_KEY_INVALID");
  const [status, type, name] = ERRORS[badKey ? 401 : response.status] ?? [
    500,
    "internal_server_error",
    "InternalServerError",
  ];
  const source = isVertex ? "Vertex_aiException" : "GeminiException";
  throw new ApiError(status, type, `litellm.${name}: ${source} - ${text}`);
}

async function accessToken(): Promise<string> {
  const host = process.env.GCE_METADATA_HOST ?? "metadata.google.internal";
  const response = await fetch(
    `http://${host}/computeMetadata/v1/instance/service-accounts/default/token`,
    { headers: { "Metadata-Flavor": "Google" } },
  );
  if (!response.ok) {
    throw new ApiError(
      500,
      "internal_server_error",
      `litellm.APIConnectionError: ${await response.text()}`,
    );
  }
  const { access_token } = (await response.json()) as { access_token: string };
  return access_token;
}

function vertexBase(): string {
  return process.env.VERTEXAI_API_BASE ?? "https://aiplatform.googleapis.com";
}

function geminiBase(): string {
  return (
    process.env.GEMINI_API_BASE ??
    "https://generativelanguage.googleapis.com/v1beta"
  );
}
