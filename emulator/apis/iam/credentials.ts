import { type Context, Hono } from "hono";
import {
  type Api,
  type ApiEnv,
  withVerb,
  withoutVerb,
} from "../../core/api.ts";
import type { Cloud, Member, ServiceAccount } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { newIdentityToken } from "../../core/identity.ts";
import { bool, list, message, readBody, string } from "../../core/message.ts";
import { hasPermission } from "../../core/policy.ts";
import { findAccount } from "./find-account.ts";
import { namesOf } from "./pools/identity.ts";

const ACCESS_TOKEN = message({
  delegates: list(string),
  lifetime: string,
  scope: list(string),
});

const ID_TOKEN = message({
  audience: string,
  delegates: list(string),
  includeEmail: bool,
  organizationNumberIncluded: bool,
});

const HOUR_MS = 3_600_000;

/** Tokens of a service account for a caller who may impersonate it: an owner may not, as at Google. */
export function iamCredentialsApi(cloud: Cloud): Api {
  const routes = new Hono<ApiEnv>();
  const path = <Verb extends string>(verb: Verb) =>
    `/v1/projects/:project/serviceAccounts/${withVerb("account", verb)}` as const;
  routes.post(path("generateAccessToken"), async (c) => {
    const account = requireAccount(c, cloud, "getAccessToken");
    await readBody(c, ACCESS_TOKEN);
    return c.json({
      accessToken: cloud.newAccessToken(memberOf(account)),
      // Whole seconds: Google's Python library reads nothing finer here.
      expireTime: new Date(Date.now() + HOUR_MS)
        .toISOString()
        .replace(/\.\d+Z$/, "Z"),
    });
  });
  routes.post(path("generateIdToken"), async (c) => {
    const account = requireAccount(c, cloud, "getOpenIdToken");
    const { audience = "" } = await readBody(c, ID_TOKEN);
    return c.json({
      token: newIdentityToken(cloud, memberOf(account), audience),
    });
  });
  return {
    service: "iamcredentials.googleapis.com",
    title: "IAM Service Account Credentials API",
    hosts: /^iamcredentials\.googleapis\.com$/,
    routes,
  };
}

function requireAccount(
  c: Context<ApiEnv>,
  cloud: Cloud,
  permission: string,
): ServiceAccount {
  const name = withoutVerb(c.req.param("account") ?? "");
  const { project, account } = findAccount(
    cloud,
    c.req.param("project") ?? "",
    name,
  );
  const policies = [account.policy, project.policy];
  const full = `iam.serviceAccounts.${permission}`;
  const isAllowed = namesOf(cloud, c.var.caller).some((name) =>
    hasPermission(policies, name, full),
  );
  if (isAllowed && !account.disabled) return account;
  throw new GoogleError(
    "PERMISSION_DENIED",
    `Permission '${full}' denied on resource (or it may not exist).`,
    [
      {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        reason: "IAM_PERMISSION_DENIED",
        domain: "iam.googleapis.com",
        metadata: { permission: full },
      },
    ],
  );
}

function memberOf(account: ServiceAccount): Member {
  return `serviceAccount:${account.email}`;
}
