import type { SecretVersion, StoredSecret } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { newSecretEtag } from "./etag.ts";

// Google's "Delay destruction of secret versions", and its discovery document of Secret Manager v1.

/** Milliseconds that a scheduled destruction waits at most here, whatever the secret says. */
export type LongestDelay = () => number;

/** Throws INVALID_ARGUMENT unless the text is a duration as Google's JSON writes it. */
export function requireDestroyTtl(text: string | undefined): void {
  if (text === undefined || toMilliseconds(text) > 0) return;
  throw new GoogleError(
    "INVALID_ARGUMENT",
    `Invalid value at 'secret.version_destroy_ttl' (type.googleapis.com/google.protobuf.Duration), "${text}"`,
  );
}

/** Destroys the version or, where the secret asks for a delay, disables it until then. A time that was set stays. */
export function destroyVersion(
  { versionDestroyTtl }: StoredSecret,
  version: SecretVersion,
  longest: LongestDelay,
): void {
  if (versionDestroyTtl === undefined) {
    destroyNow(version);
    return;
  }
  const delay = toMilliseconds(versionDestroyTtl);
  const now = Date.now();
  version.state = "DISABLED";
  version.etag = newSecretEtag();
  version.scheduledDestruction ??= {
    shown: new Date(now + delay).toISOString(),
    due: now + Math.min(delay, longest()),
  };
}

/** Destroys what is due. To be called before anybody looks at a secret. */
export function destroyDue(secret: StoredSecret): void {
  for (const version of secret.versions) {
    const { due } = version.scheduledDestruction ?? {};
    if (due !== undefined && due <= Date.now()) destroyNow(version);
  }
}

/** Google cancels a destruction with a change of the state. */
export function cancelDestruction(version: SecretVersion): void {
  delete version.scheduledDestruction;
}

function destroyNow(version: SecretVersion): void {
  cancelDestruction(version);
  version.state = "DESTROYED";
  version.etag = newSecretEtag();
  version.payload = undefined;
  version.destroyTime = new Date().toISOString();
}

function toMilliseconds(duration: string): number {
  const seconds = /^(\d+(?:\.\d{1,9})?)s$/.exec(duration)?.[1];
  return Number(seconds ?? "NaN") * 1000;
}
