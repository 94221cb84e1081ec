import { randomBytes } from "node:crypto";
import type { Cloud, Member } from "./cloud.ts";

/** The client id that the emulated gcloud login carries; identity tokens name it as their audience. */
export const CLIENT_ID = "emulator.apps.googleusercontent.com";

const LIFETIME_SECONDS = 3600;

/** A login of its own each time, good until this emulator ends: who has it may do what the member may. */
export function newRefreshToken(cloud: Cloud, member: Member): string {
  const token = `1//emulator-${randomBytes(24).toString("base64url")}`;
  cloud.refreshTokens.set(token, member);
  return token;
}

/** A new login in the form of `gcloud auth application-default login`'s file. */
export function newAuthorizedUser(cloud: Cloud, member: Member): object {
  return {
    type: "authorized_user",
    client_id: CLIENT_ID,
    client_secret: "emulator",
    refresh_token: newRefreshToken(cloud, member),
  };
}

/** Google's OAuth token endpoint: a refresh token for an access and an identity token. */
export function exchangeToken(
  cloud: Cloud,
  form: URLSearchParams,
): { status: 200 | 400; body: object } {
  if (form.get("grant_type") !== "refresh_token") {
    return oauthError("unsupported_grant_type", "Invalid grant_type");
  }
  const member = cloud.refreshTokens.get(form.get("refresh_token") ?? "");
  if (member === undefined) return oauthError("invalid_grant", "Bad Request");
  return {
    status: 200,
    body: {
      access_token: cloud.newAccessToken(member),
      expires_in: LIFETIME_SECONDS,
      id_token: newIdentityToken(cloud, member, CLIENT_ID),
      scope: "https://www.googleapis.com/auth/cloud-platform openid",
      token_type: "Bearer",
    },
  };
}

/** A JWT in Google's shape. It is known by being in the cloud's table, not by its signature. */
export function newIdentityToken(
  cloud: Cloud,
  member: Member,
  audience: string,
): string {
  const now = Math.floor(Date.now() / 1000);
  const email = member.slice(member.indexOf(":") + 1);
  const payload = {
    iss: "https://accounts.google.com",
    aud: audience,
    azp: audience,
    sub: email,
    email,
    email_verified: true,
    iat: now,
    exp: now + cloud.identityTokenSeconds,
  };
  const parts = [{ alg: "RS256", typ: "JWT", kid: "emulator" }, payload];
  const token = [...parts.map(encode), encode("unsigned")].join(".");
  cloud.identityTokens.set(token, member);
  return token;
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

function oauthError(error: string, description: string) {
  return {
    status: 400 as const,
    body: { error, error_description: description },
  };
}
