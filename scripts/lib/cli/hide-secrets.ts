/** What keys, tokens and passwords look like, and what to call it. */
export const SECRET_SHAPES: readonly [pattern: RegExp, what: string][] = [
  [/AIza[\w-]{35}/g, "a Google API key"],
  [/\bAQ\.[\w-]{30,}/g, "a Google API key"],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/g, "a private key"],
  [/\bya29\.[\w-]{20,}/g, "an access token of Google"],
  [/(?<![\w-])sk-[\w-]{8,}/g, "a secret key (sk-…)"],
  [/\bgh[pousr]_\w{20,}/g, "a token of GitHub"],
  [/\bxox[abprs]-[\w-]{10,}/g, "a token of Slack"],
  [/\b[a-z][a-z0-9+]*:\/\/[^\s:/@]*:[^\s:/@]+@/g, "a password in a URL"],
];

/** What was typed by mistake may be a secret: without what looks like one. */
export function hideSecrets(text: string): string {
  return SECRET_SHAPES.reduce(
    (shown, [pattern]) => shown.replaceAll(pattern, "…"),
    text,
  );
}
