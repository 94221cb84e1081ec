import releases from "./litellm-releases.json" with { type: "json" };

/** LiteLLM's images on Docker Hub: the plain one and its variants. */
const REPOSITORY = /^docker\.io\/litellm\/litellm(-database|-non_root)?$/;

const MOVING = ["latest", "main-latest", "main-stable", "lts"];

/**
 * `1.84.0`, with what LiteLLM has put before and behind it: `v`, `main-v`; `-stable`, `-stable.1`, `-stable.patch.1`,
 * `-nightly`, `-rc.1`, `.rc.1`, `rc1`, `.dev.1`, `.dev1`, `.patch.1`, `.post1` (BerriAI/litellm-docs, pull requests 90,
 * 127 and 417 of May and June 2026; BerriAI/litellm, pull request 23537).
 */
const RELEASE =
  /^(?:main-)?v?1\.(\d+)\.(\d+)(?:-stable(?:\.\d+)?|-nightly|[.-]?(?:rc|dev|patch|post)\.?\d+)*$/;

export function isLitellmRepository(repository: string): boolean {
  return REPOSITORY.test(repository);
}

/**
 * Whether LiteLLM may have given an image this tag: one of its forms, of a version that was published, or of a maintained
 * minor version's later patch than the list knows. There is no registry here to ask whether it did.
 */
export function isLitellmTag(tag: string): boolean {
  if (MOVING.includes(tag)) return true;
  const [, minor = "", patch] = RELEASE.exec(tag) ?? [];
  const patches = listPatches(minor);
  if (patch === undefined || patches.length === 0) return false;
  const later =
    releases.maintained.includes(minor) && Number(patch) > Math.max(...patches);
  return later || patches.includes(Number(patch));
}

/** `0-2 5` is 0, 1, 2 and 5. */
function listPatches(minor: string): number[] {
  const minors: Record<string, string | undefined> = releases.minors;
  return (minors[minor] ?? "").split(" ").flatMap((range) => {
    if (range === "") return [];
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
