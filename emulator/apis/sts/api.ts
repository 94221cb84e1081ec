import { Hono } from "hono";
import type { Api, ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { ACCESS_TOKEN, ExchangeError, exchange } from "./exchange.ts";
import type { Issuers } from "./jwt.ts";

const LIFETIME_SECONDS = 3600;

/** Tokens of an identity from elsewhere: what it holds is asked where it takes on a service account. */
export function stsApi(cloud: Cloud, issuers: Issuers): Api {
  const routes = new Hono<ApiEnv>();
  routes.post("/v1/token", async (c) => {
    const form = new URLSearchParams(await c.req.text());
    try {
      const member = exchange(cloud, form, issuers);
      return c.json({
        access_token: cloud.newAccessToken(member),
        issued_token_type: ACCESS_TOKEN,
        token_type: "Bearer",
        expires_in: LIFETIME_SECONDS,
      });
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      const { code, message } = error;
      return c.json({ error: code, error_description: message }, 400);
    }
  });
  // Whom gcloud asks for the name of a login that has taken on no account.
  routes.post("/v1/introspect", async (c) => {
    const token = new URLSearchParams(await c.req.text()).get("token") ?? "";
    const username = cloud.accessTokens.get(token);
    return c.json(
      username === undefined ? { active: false } : { active: true, username },
    );
  });
  return {
    service: "sts.googleapis.com",
    title: "Security Token Service API",
    hosts: /^sts\.googleapis\.com$/,
    ownAuthentication: true,
    routes,
  };
}
