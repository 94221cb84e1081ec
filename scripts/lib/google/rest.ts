import { UserError } from "../cli/errors.ts";
import { ApiError } from "./api-error.ts";
import type { GcloudContext } from "./context.ts";
import { type ApiName, endpointOf } from "./endpoints.ts";
import { createSend } from "./send.ts";

export interface ApiCall {
  api: ApiName;
  /** From the version on: `v1/projects/p`; of Cloud Storage what follows it: `b/bucket`. */
  path: string;
  /** Cloud Run's regional API. */
  region?: string;
  /** Sent by POST; without it the call is a GET. */
  body?: object;
}

interface GoogleErrorBody {
  error?: {
    message?: string;
    status?: string;
    details?: { reason?: string; metadata?: { permission?: string } }[];
  };
}

/** Reads Google's APIs as gcloud would: same identity, endpoints, proxy and quota project. */
export type ReadApi = (call: ApiCall) => Promise<unknown>;

/**
 * Undefined where the thing does not exist, or its API is not enabled yet.
 * Throws UserError with Google's words for everything else.
 */
export function createApiReader(
  context: GcloudContext,
  projectId: string,
): ReadApi {
  const send = createSend(context);
  return async ({ api, path, region, body }) => {
    const url = new URL(path, endpointOf(context, api, region));
    const response = await send(url, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        authorization: `Bearer ${context.accessToken.reveal()}`,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...quotaProject(context, api, projectId),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      repeatable: true,
    });
    const answer = await readJson(response);
    if (response.ok) {
      if (answer === undefined) throw noJson(url);
      return answer;
    }
    const { error } = (answer ?? {}) as GoogleErrorBody;
    if (response.status === 404 || isDisabled(error)) return undefined;
    throw describeFailure(url, response.status, error);
  };
}

/** Undefined where it is none. */
async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

function noJson(url: URL): UserError {
  return new UserError(`${url.host} answered something that is not JSON`, {
    hint: "It is not Google who answers: look at the proxy, or at the login page of this network.",
  });
}

/** gcloud bills reads to the project, except for the APIs that answer about projects themselves. */
function quotaProject(
  context: GcloudContext,
  api: ApiName,
  projectId: string,
): Record<string, string> {
  const configured = context.properties.billing?.quota_project;
  if (configured === "LEGACY") return {};
  const ofProjects: ApiName[] = [
    "cloudbilling",
    "cloudresourcemanager",
    "serviceusage",
  ];
  if (ofProjects.includes(api)) return {};
  const project =
    configured === undefined || configured.startsWith("CURRENT_PROJECT")
      ? projectId
      : configured;
  return { "x-goog-user-project": project };
}

function isDisabled(error: GoogleErrorBody["error"]): boolean {
  return (error?.details ?? []).some((d) => d.reason === "SERVICE_DISABLED");
}

/** Google's words, and the permission that they leave to the details. */
function describeWords(error: GoogleErrorBody["error"]): string {
  const words = error?.message ?? "no message";
  const permission = error?.details
    ?.map((detail) => detail.metadata?.permission)
    .find((name) => name !== undefined);
  return permission === undefined || words.includes(permission)
    ? words
    : `${words} (${permission})`;
}

function describeFailure(
  url: URL,
  status: number,
  error: GoogleErrorBody["error"],
): ApiError {
  const words = describeWords(error);
  return new ApiError(
    status,
    `reading ${url.host}${url.pathname} failed (${String(status)} ${error?.status ?? ""}): ${words}`,
    status === 401
      ? "Log in again: gcloud auth login"
      : status === 403
        ? 'The account that gcloud uses lacks a role: docs/deploying.md, "Least roles".'
        : "Run it again; if it stays, see https://status.cloud.google.com",
  );
}
