/** Releases of LiteLLM that were published by a thief (GHSA-92x9-889m-jgmw). */
export const STOLEN: readonly string[] = ["1.82.7", "1.82.8"];

/** Such a version as a part of a tag. */
const STOLEN_TAG = new RegExp(
  `(?<![\\d.])(${STOLEN.join("|").replaceAll(".", "\\.")})(?![\\d.]*\\d)`,
);

/** Tags that are given to one image after another: what dev ran would not be what prod runs. */
const MOVING =
  /^((main|litellm)[-_])?(latest|stable|lts|main|master|nightly|dev|edge|head|release|rc)$/;

/** Where Cloud Run pulls from (Cloud Run docs, "Supported container registries and images"). */
const PULLED = /^([a-z0-9-]+-docker\.pkg\.dev|([a-z]+\.)?gcr\.io|docker\.io)$/;

/** What is wrong with an image, with the way out; undefined: nothing that can be seen from its name. `known`: one that works. */
export function findImageProblem(
  image: string,
  known: string,
): string | undefined {
  const [name = "", digest] = image.split("@");
  const tag = /:([^/:]+)$/.exec(name)?.[1];
  const registry = name.split("/")[0] ?? "";
  if (/litellm/i.test(name) && STOLEN_TAG.test(tag ?? "")) {
    return `this release of LiteLLM was stolen and takes credentials (GHSA-92x9-889m-jgmw): use ${known}, and see whether you ever ran it`;
  }
  if (!PULLED.test(registry)) {
    return `Cloud Run does not pull from ${registry}: use ${known}, or make an Artifact Registry remote repository of ${registry} and write REGION-docker.pkg.dev/PROJECT/REPOSITORY/…`;
  }
  if (digest === undefined && tag !== undefined && MOVING.test(tag)) {
    return `the tag ${tag} moves, and nobody knows later what ran: use one of a release (${known}), or add the digest (@sha256:…)`;
  }
  return undefined;
}
