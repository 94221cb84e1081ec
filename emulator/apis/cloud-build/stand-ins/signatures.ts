/** How LiteLLM signed the image of a version. */
export type Signature =
  { kind: "keyless" } | { kind: "key"; commit: string } | undefined;

export const IDENTITY =
  "https://github.com/BerriAI/project-releaser/.github/workflows/release.yml@refs/heads/main";

export const ISSUER = "https://token.actions.githubusercontent.com";

/** The commits of BerriAI/litellm that published its keys, newest first. */
const KEY_OF_OCTOBER = "e82a3c646908ba0a6ee0beddc4310d7a6cac4065";
const FIRST_KEY = "0112e53046018d726492c814b3644b7d376029d0";

/** First patch by minor version of 1.x that is signed in the release workflow: from 15 November 2026 on. */
const KEYLESS: Record<number, number> = { 106: 11, 108: 11, 109: 3, 110: 1 };

/** The same for the key of 24 October 2026. */
const NEW_KEY: Record<number, number> = { 103: 8, 104: 6, 105: 4, 106: 3 };

/** No image before it is signed at all. */
const FIRST_SIGNED_MINOR = 83;

/** Of a tag like `v1.108.14`, as LiteLLM's release notes tell it. */
export function signatureOf(tag: string): Signature {
  const [, minorText, patchText] = /^v1\.(\d+)\.(\d+)/.exec(tag) ?? [];
  if (minorText === undefined) return undefined;
  const minor = Number(minorText);
  const patch = Number(patchText);
  if (minor > 110 || patch >= (KEYLESS[minor] ?? Infinity)) {
    return { kind: "keyless" };
  }
  if (minor > 106 || patch >= (NEW_KEY[minor] ?? Infinity)) {
    return { kind: "key", commit: KEY_OF_OCTOBER };
  }
  return minor >= FIRST_SIGNED_MINOR
    ? { kind: "key", commit: FIRST_KEY }
    : undefined;
}
