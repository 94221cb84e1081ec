import type { SecretValue } from "../cli/secret-value.ts";

/** A token is renewed this long before it ends, or in the last fifth of its life where that is shorter. */
const MARGIN_SECONDS = 300;

/**
 * An identity token that has not ended: `read` is asked for another one before it does,
 * once, however many wait for it.
 */
export function keepIdentity(
  read: () => Promise<SecretValue>,
  now: () => number = Date.now,
): () => Promise<SecretValue> {
  let held: { token: SecretValue; renewAt: number } | undefined;
  let renewal: Promise<SecretValue> | undefined;
  return () => {
    if (held !== undefined && now() < held.renewAt) {
      return Promise.resolve(held.token);
    }
    renewal ??= read()
      .then((token) => {
        held = { token, renewAt: renewalTime(token) };
        return token;
      })
      .finally(() => {
        renewal = undefined;
      });
    return renewal;
  };
}

/** Milliseconds; 0, which is at once, where the token does not tell. */
function renewalTime(token: SecretValue): number {
  const payload = token.reveal().split(".")[1] ?? "";
  let claims: { iat?: unknown; exp?: unknown };
  try {
    claims = JSON.parse(
      Buffer.from(payload, "base64url").toString(),
    ) as typeof claims;
  } catch {
    return 0;
  }
  const { iat, exp } = claims;
  if (typeof iat !== "number" || typeof exp !== "number") return 0;
  return (exp - Math.min(MARGIN_SECONDS, (exp - iat) / 5)) * 1000;
}
