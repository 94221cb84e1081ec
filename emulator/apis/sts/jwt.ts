import { type KeyObject, createVerify } from "node:crypto";
import type { Claims } from "../iam/pools/expression.ts";

/** Issuers of OIDC tokens that are known here, with the public key of each: nothing is fetched. */
export type Issuers = Readonly<Record<string, KeyObject>>;

/** The claims of a token that the issuer's key has signed (RS256); undefined where it has not. */
export function readSigned(
  token: string,
  issuer: string,
  issuers: Issuers,
): Claims | undefined {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const key = issuers[issuer];
  if (key === undefined || parsePart(header).alg !== "RS256") return undefined;
  const isSigned = createVerify("RSA-SHA256")
    .update(`${header}.${payload}`)
    .verify(key, signature, "base64url");
  return isSigned ? parsePart(payload) : undefined;
}

/** Empty where it is no JSON. */
export function parsePart(part: string): Claims {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString()) as Claims;
  } catch {
    return {};
  }
}
