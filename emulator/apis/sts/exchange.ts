import type { Cloud, Member } from "../../core/cloud.ts";
import { isMet } from "../iam/pools/expression.ts";
import { findProvider, toIdentity } from "../iam/pools/identity.ts";
import type { Provider } from "../iam/pools/state.ts";
import { type Issuers, parsePart, readSigned } from "./jwt.ts";

const JWT = "urn:ietf:params:oauth:token-type:jwt";
const ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
export const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

/** An error of RFC 6749: STS has no other form. */
export class ExchangeError extends Error {
  readonly code: string;

  constructor(code: string, description: string) {
    super(description);
    this.code = code;
  }
}

/** Whom a provider's token stands for, once its issuer, audience, time and the provider's condition are right. Throws ExchangeError. */
export function exchange(
  cloud: Cloud,
  form: URLSearchParams,
  issuers: Issuers,
): Member {
  const audience = form.get("audience") ?? "";
  requireForm(form);
  const found = findProvider(cloud, audience);
  if (found === undefined) {
    throw new ExchangeError(
      "invalid_target",
      'The target service indicated by the "audience" parameters is invalid. This might either be because the pool or provider is disabled or deleted or because it doesn\'t exist.',
    );
  }
  const { poolName, provider } = found;
  const claims = readClaims(form.get("subject_token") ?? "", provider, issuers);
  requireAudience(claims.aud, provider, audience);
  if (!isMet(provider.attributeCondition, claims)) {
    throw new ExchangeError(
      "unauthorized_client",
      "The given credential is rejected by the attribute condition.",
    );
  }
  const identity = toIdentity(cloud, poolName, provider, claims);
  if (identity !== undefined) return identity;
  throw new ExchangeError(
    "invalid_grant",
    "The mapped attribute google.subject is missing.",
  );
}

function requireForm(form: URLSearchParams): void {
  const grant = "urn:ietf:params:oauth:grant-type:token-exchange";
  if (form.get("grant_type") !== grant) {
    throw new ExchangeError("unsupported_grant_type", "Invalid grant_type");
  }
  if (![JWT, ID_TOKEN].includes(form.get("subject_token_type") ?? "")) {
    throw new ExchangeError(
      "invalid_request",
      "The emulated Google Cloud takes OIDC tokens only.",
    );
  }
}

function readClaims(token: string, { issuerUri }: Provider, issuers: Issuers) {
  const { iss } = parsePart(token.split(".")[1] ?? "");
  if (iss !== issuerUri) {
    throw new ExchangeError(
      "invalid_grant",
      `The issuer in ID Token ${String(iss)} does not match the expected ones.`,
    );
  }
  const claims = readSigned(token, issuerUri, issuers);
  if (claims === undefined) {
    throw new ExchangeError("invalid_grant", "Invalid signature of ID Token.");
  }
  if (typeof claims.exp !== "number" || claims.exp * 1000 < Date.now()) {
    throw new ExchangeError("invalid_grant", "ID Token is expired.");
  }
  return claims;
}

/** The provider itself, with or without a scheme, where it names no others. */
function requireAudience(
  aud: unknown,
  { allowedAudiences }: Provider,
  audience: string,
): void {
  const own = [audience, `https:${audience}`];
  const allowed = allowedAudiences.length > 0 ? allowedAudiences : own;
  if (typeof aud === "string" && allowed.includes(aud)) return;
  throw new ExchangeError(
    "invalid_grant",
    `The audience in ID Token [${String(aud)}] does not match the expected audience.`,
  );
}
