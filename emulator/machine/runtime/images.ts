import { createHash } from "node:crypto";
import { GoogleError } from "../../core/google-error.ts";
import { isLitellmRepository, isLitellmTag } from "./litellm-tags.ts";
import { InstanceError, type ResolvedImage } from "./instance.ts";

/** Looks an image up in a registry of the emulator's own; undefined where it is not there. */
export type FindStored = (
  reference: string,
) => { digest: string; content: { kind: string } } | undefined;

/** What the emulator can run in place of an image. */
export type ImageKind = "litellm" | "hello" | "script";

/** Images of one's own: reference without digest → the Node script that runs in its place. */
export type ScriptImages = Readonly<Record<string, string>>;

const HOST =
  /^([a-z0-9-]+\.)?gcr\.io$|^([a-z0-9-]+-)?docker\.pkg\.dev$|^docker\.io$/;

const DIGEST = /^sha256:[0-9a-f]{64}$/;

const HELLO = [
  "us-docker.pkg.dev/cloudrun/container/hello",
  "gcr.io/cloudrun/hello",
];

interface ImageReference {
  /** With its host, e.g. `docker.io/litellm/litellm`. */
  repository: string;
  tag: string;
  digest: string | undefined;
}

/**
 * The digest that Cloud Run would pin the image to. `checked`: it is there; of LiteLLM's own images only the form of the tag
 * is known. Throws GoogleError for a
 * registry that it does not pull from and InstanceError for an unknown image.
 */
export function resolveImage(
  image: string,
  scripts: ScriptImages = {},
  findStored: FindStored = () => undefined,
): ResolvedImage & { kind: ImageKind; checked: boolean } {
  const reference = parseImage(image);
  const script = findScript(image, scripts);
  const stored = script === undefined ? findStored(image) : undefined;
  if (stored?.content.kind === "litellm") {
    const { repository } = reference;
    const { digest } = stored;
    const withDigest = `${repository}@${digest}`;
    return { kind: "litellm", checked: true, digest, withDigest };
  }
  const kind = script === undefined ? kindOf(reference) : "script";
  if (kind === undefined) {
    throw new InstanceError("ContainerMissing", `Image '${image}' not found.`);
  }
  const { repository, tag } = reference;
  const digest = reference.digest ?? madeUpDigest(`${repository}:${tag}`);
  const checked = kind !== "litellm";
  return { kind, checked, digest, withDigest: `${repository}@${digest}` };
}

/** The script of an image, whether it is named by tag or by its digest. */
export function findScript(
  image: string,
  scripts: ScriptImages,
): string | undefined {
  return Object.entries(scripts).find(
    ([name]) =>
      name === image ||
      (image.includes("@") &&
        resolveImage(name, { [name]: "" }).withDigest === image),
  )?.[1];
}

/** Throws GoogleError INVALID_ARGUMENT as Cloud Run does for what it cannot pull. */
function parseImage(image: string): ImageReference {
  const [, path = "", tag, digest] =
    /^([^@]+?)(?::([\w][\w.-]{0,127}))?(?:@(.+))?$/.exec(image) ?? [];
  const [first = ""] = path.split("/");
  const hasHost = path.includes("/") && /[.:]|^localhost$/.test(first);
  const repository = hasHost ? path : `docker.io/${path}`;
  const wellFormed =
    /^[a-z0-9.:-]+(\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+$/.test(repository) &&
    (digest === undefined || DIGEST.test(digest));
  if (!wellFormed || !HOST.test(repository.split("/")[0] ?? "")) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `Expected an image path like [host/]repo-path[:tag and/or @digest], where host is one of [region.]gcr.io, [region-]docker.pkg.dev or docker.io but obtained ${image}`,
    );
  }
  return { repository, tag: tag ?? "latest", digest };
}

function kindOf(reference: ImageReference): ImageKind | undefined {
  const { repository, tag, digest } = reference;
  if (HELLO.includes(repository)) return "hello";
  if (!isLitellmRepository(repository)) return undefined;
  const known = digest !== undefined || isLitellmTag(tag);
  return known ? "litellm" : undefined;
}

/** There is no registry here to ask: the same tag always gives the same digest, and its zeros say that it is nobody's real one. */
function madeUpDigest(name: string): string {
  const hex = createHash("sha256").update(`emulator ${name}`).digest("hex");
  return `sha256:${"0".repeat(32)}${hex.slice(32)}`;
}
