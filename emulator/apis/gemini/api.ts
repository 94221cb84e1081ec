import { Hono } from "hono";
import type { Api, ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { faultRoutes } from "./faults.ts";
import {
  GENERATIVE_LANGUAGE,
  generativeLanguageRoutes,
} from "./generative-language.ts";
import type { GeminiServer } from "./server.ts";
import { VERTEX, vertexRoutes } from "./vertex.ts";
import { geminiOf } from "./state.ts";

/** Gemini for callers outside of Cloud Run (`server` is for its instances), and what makes it misbehave. The proxy sends their streams in one piece. */
export function geminiApis(
  cloud: Cloud,
  server: GeminiServer,
  otherPublishers: Hono<ApiEnv>[],
  controls: Hono<ApiEnv>,
): Api[] {
  return [
    {
      ...VERTEX,
      hosts:
        /^(([a-z0-9-]+-)?aiplatform|aiplatform\.(us|eu)\.rep)\.googleapis\.com$/,
      routes: join(vertexRoutes(cloud), ...otherPublishers),
      close: () => server.close(),
    },
    {
      ...GENERATIVE_LANGUAGE,
      hosts: /^generativelanguage\.googleapis\.com$/,
      ownAuthentication: true,
      routes: generativeLanguageRoutes(geminiOf(cloud)),
    },
    {
      service: "emulator",
      title: "The emulator's own controls",
      // Only at its own address.
      hosts: /^$/,
      alwaysEnabled: true,
      routes: join(faultRoutes(geminiOf(cloud)), controls),
    },
  ];
}

function join(...all: Hono<ApiEnv>[]): Hono<ApiEnv> {
  const joined = new Hono<ApiEnv>();
  for (const routes of all) joined.route("/", routes);
  return joined;
}
