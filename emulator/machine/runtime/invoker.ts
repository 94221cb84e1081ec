import type { IncomingHttpHeaders } from "node:http";
import type { Cloud, Member } from "../../core/cloud.ts";
import { CLIENT_ID } from "../../core/identity.ts";
import type { Route } from "./instance.ts";
import { forbidden, type Page, unauthorized } from "./pages.ts";

/** Where a caller may put its identity token; the first one present counts. */
const HEADERS = ["x-serverless-authorization", "authorization"] as const;

const REMOVED = "SIGNATURE_REMOVED_BY_GOOGLE";

/**
 * Checks the caller's identity token. Answers what goes to the client instead
 * of the request, or the headers for the container: without the signature, so
 * that it cannot use the token itself (Google's "Authenticating service-to-service").
 */
export function checkInvoker(
  cloud: Cloud,
  route: Route,
  path: string,
  headers: IncomingHttpHeaders,
): { refusal: Page } | { headers: IncomingHttpHeaders } {
  const { mayInvoke } = route;
  if (mayInvoke === undefined) return { headers };
  const name = HEADERS.find((header) => headers[header] !== undefined);
  if (name === undefined) return { refusal: forbidden(path) };
  const [, token = ""] = /^bearer (.+)$/i.exec(String(headers[name])) ?? [];
  const caller = cloud.identityTokens.get(token);
  if (caller === undefined || !isCurrent(token, caller, route.audiences)) {
    return { refusal: unauthorized(path) };
  }
  if (!mayInvoke(caller)) return { refusal: forbidden(path) };
  const withoutSignature = token.replace(/[^.]*$/, REMOVED);
  return { headers: { ...headers, [name]: `Bearer ${withoutSignature}` } };
}

function isCurrent(
  token: string,
  caller: Member,
  audiences: readonly string[],
): boolean {
  const payload = token.split(".")[1] ?? "";
  const { aud, exp } = JSON.parse(
    Buffer.from(payload, "base64url").toString(),
  ) as { aud: string; exp: number };
  // A user's own token carries gcloud's client id; Cloud Run takes it, and a service account's not.
  const own = aud === CLIENT_ID && caller.startsWith("user:");
  const meant = own || audiences.includes(aud);
  return meant && exp * 1000 > Date.now();
}
