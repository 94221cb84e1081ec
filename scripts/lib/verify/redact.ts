import type { SecretValue } from "../cli/secret-value.ts";

const REDACTED = "[REDACTED]";

/** Shapes of keys and tokens, in case a server repeats one that we never held. */
const SECRET_SHAPES = [
  /\bAIza[\w-]{20,}/g,
  /\bAQ\.[\w-]{20,}/g,
  /\bya29\.[\w.-]+/g,
  /\bsk-[\w-]{6,}/g,
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  /(?<=[?&]key=)[^&\s"']+/g,
];

/** `text` without `secrets` and without anything that looks like a key or a token. */
export function redact(
  text: string,
  secrets: readonly (SecretValue | undefined)[],
): string {
  let result = text;
  for (const secret of secrets) {
    const value = secret?.reveal() ?? "";
    if (value !== "") result = result.replaceAll(value, REDACTED);
  }
  for (const shape of SECRET_SHAPES) result = result.replace(shape, REDACTED);
  return result;
}
