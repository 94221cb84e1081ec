import { Hono } from "hono";
import { matchedRoutes } from "hono/route";
import { requireAccess } from "./access.ts";
import type { Api, ApiEnv } from "./api.ts";
import type { Cloud, Member } from "./cloud.ts";
import { requireEnabled, requireUsable } from "./enablement.ts";
import { GoogleError } from "./google-error.ts";
import { exchangeToken } from "./identity.ts";

/** What answered, and for whom. */
interface Dispatched {
  response: Response;
  api: string | undefined;
  caller: string | undefined;
}

export type Dispatcher = (
  request: Request,
  ownAddress: boolean,
) => Promise<Dispatched>;

/** Sends a request to the API of its host or, at the emulator's own address, to the first API that has its path. */
export function createDispatcher(
  cloud: Cloud,
  apis: readonly Api[],
  log: (line: string) => void,
): Dispatcher {
  const unmatched = new WeakSet<Response>();
  const routed = apis.map((api) => ({
    api,
    app: createApp(cloud, api, unmatched, log),
  }));
  return async (request, ownAddress) => {
    const url = new URL(request.url);
    const own = ownAddress
      ? await answerItself(cloud, request, url)
      : undefined;
    const answer =
      own ?? (await cloud.metadataServers.get(url.host)?.(request));
    if (answer !== undefined) {
      return { response: answer, api: undefined, caller: undefined };
    }
    const caller = callerOf(cloud, request);
    const candidates = routed.filter(
      ({ api }) => ownAddress || api.hosts.test(url.hostname),
    );
    for (const { api, app } of candidates) {
      const response = await app.fetch(request.clone());
      if (!unmatched.has(response)) {
        return { response, api: api.service, caller };
      }
    }
    const response = toResponse(
      uncovered(request.method, url, ownAddress, candidates.length > 0),
    );
    const api = ownAddress ? undefined : candidates[0]?.api.service;
    return { response, api, caller };
  };
}

/** What belongs to no API: who lives here, and Google's OAuth token endpoint. */
async function answerItself(
  cloud: Cloud,
  request: Request,
  url: URL,
): Promise<Response | undefined> {
  if (url.pathname === "/") {
    return Response.json({ projects: [...cloud.projects.keys()] });
  }
  if (url.pathname !== "/token") return undefined;
  const form = new URLSearchParams(await request.text());
  const { status, body } = exchangeToken(cloud, form);
  return Response.json(body, { status });
}

function uncovered(
  method: string,
  url: URL,
  ownAddress: boolean,
  knownHost: boolean,
): GoogleError {
  const host = ownAddress ? "" : url.host;
  const what =
    ownAddress || knownHost
      ? `${method} ${host}${url.pathname}`
      : `the host ${host}`;
  return new GoogleError(
    "UNIMPLEMENTED",
    `The emulated Google Cloud does not cover ${what}.`,
  );
}

function createApp(
  cloud: Cloud,
  api: Api,
  unmatched: WeakSet<Response>,
  log: (line: string) => void,
): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.use(async (c, next) => {
    // Besides this one: without a route, another API may have the path, and otherwise it is not covered at all.
    if (matchedRoutes(c).length < 2) return c.notFound();
    if (!api.ownAuthentication) {
      c.set("caller", requireCaller(cloud, c.req.raw));
    }
    const quotaProject = c.req.header("x-goog-user-project");
    if (quotaProject !== undefined) {
      requireUsable(cloud, quotaProject, c.var.caller);
    }
    requireEnabled(cloud, api, c.req.path, quotaProject);
    if (api.access !== undefined) {
      const { method, path } = c.req;
      requireAccess(cloud, api.access, method, path, c.var.caller);
    }
    return next();
  });
  app.route("/", api.routes);
  app.notFound(() => {
    const response = new Response(null, { status: 501 });
    unmatched.add(response);
    return response;
  });
  app.onError((error) => {
    if (error instanceof GoogleError) return toResponse(error);
    log(`bug in ${api.service}: ${error.stack ?? error.message}`);
    return toResponse(new GoogleError("INTERNAL", error.message));
  });
  return app;
}

function toResponse(error: GoogleError): Response {
  return Response.json(error.toBody(), { status: error.httpStatus });
}

function callerOf(cloud: Cloud, request: Request): Member | undefined {
  const header = request.headers.get("authorization") ?? "";
  const token = /^Bearer (.+)$/i.exec(header)?.[1];
  return token === undefined ? undefined : cloud.accessTokens.get(token.trim());
}

function requireCaller(cloud: Cloud, request: Request): Member {
  const caller = callerOf(cloud, request);
  if (caller !== undefined) return caller;
  const what = request.headers.has("authorization")
    ? "had invalid authentication credentials"
    : "is missing required authentication credential";
  throw new GoogleError(
    "UNAUTHENTICATED",
    `Request ${what}. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.`,
  );
}
