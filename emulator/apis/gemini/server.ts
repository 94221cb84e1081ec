import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud, Member } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { guardBoundary } from "../../core/guard.ts";
import { generativeLanguageRoutes } from "./generative-language.ts";
import { vertexRoutes } from "./vertex.ts";
import { geminiOf } from "./state.ts";

export interface GeminiServer {
  url: string;
  close(): Promise<void>;
}

/**
 * Vertex AI and the Gemini API on a loopback port of their own, for the
 * instances: an answer is streamed on while it is made. `otherPublishers` are those of Vertex AI besides Google.
 */
export async function startGemini(
  cloud: Cloud,
  log: (line: string) => void,
  otherPublishers: Hono<ApiEnv>[] = [],
): Promise<GeminiServer> {
  const app = new Hono<ApiEnv>();
  app.use(guardBoundary);
  app.use(async (c, next) => {
    const started = performance.now();
    await next();
    const milliseconds = Math.round(performance.now() - started);
    log(
      `gemini ${c.req.method} ${c.req.path} ${c.res.status} ${milliseconds}ms`,
    );
  });
  app.use("/:version{v1|v1beta1}/projects/*", async (c, next) => {
    c.set("caller", requireCaller(c.req.header("authorization"), cloud));
    await next();
  });
  for (const routes of otherPublishers) app.route("/", routes);
  app.route("/", vertexRoutes(cloud));
  app.route("/", generativeLanguageRoutes(geminiOf(cloud)));
  app.notFound((c) =>
    answer(
      new GoogleError(
        "UNIMPLEMENTED",
        `The emulated Gemini does not cover ${c.req.method} ${c.req.path}.`,
      ),
    ),
  );
  app.onError((error) => {
    if (error instanceof GoogleError) return answer(error);
    if (error instanceof SyntaxError) {
      return answer(new GoogleError("INVALID_ARGUMENT", error.message));
    }
    log(`bug in the emulated Gemini: ${error.stack ?? error.message}`);
    return answer(new GoogleError("INTERNAL", error.message));
  });
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function requireCaller(header: string | undefined, cloud: Cloud): Member {
  const [, token] = /^Bearer (.+)$/i.exec(header ?? "") ?? [];
  const caller =
    token === undefined ? undefined : cloud.accessTokens.get(token);
  if (caller !== undefined) return caller;
  throw new GoogleError(
    "UNAUTHENTICATED",
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
  );
}

function answer(error: GoogleError): Response {
  return Response.json(error.toBody(), { status: error.httpStatus });
}
