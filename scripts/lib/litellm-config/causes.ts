import type { Finding, Path, Problem } from "./finding.ts";

/** Without those that another one is the cause of: one mistake is one finding. */
export function keepCauses(problems: readonly Problem[]): Problem[] {
  const causes = problems.map((problem, index) =>
    problems.findIndex(
      (other, place) =>
        place !== index &&
        isCause(other, problem) &&
        // Of two that explain each other the first stays.
        (place < index || !isCause(problem, other)),
    ),
  );
  return problems.flatMap((problem, index) => {
    if (causes[index] !== -1) return [];
    const effects = problems.filter(
      (_, place) => place !== index && findRoot(place, causes) === index,
    );
    const isError = effects.some(
      ({ severity, missing }) => severity === "error" && missing !== undefined,
    );
    return [isError ? { ...problem, severity: "error" as const } : problem];
  });
}

/** Tells those of one topic as one, at the first place. `found`: in the order of the files. */
export function joinTopics(
  found: readonly { finding: Finding; topic: string | undefined }[],
): Finding[] {
  return found.flatMap(({ finding, topic }) => {
    if (topic === undefined) return [finding];
    const same = found
      .filter((other) => other.topic === topic)
      .map((other) => other.finding);
    if (same[0] !== finding) return [];
    const places = new Set(
      same.map(({ file, line }) =>
        file === finding.file ? `line ${line}` : `${file} line ${line}`,
      ),
    );
    if (places.size === 1) return [finding];
    return [{ ...finding, message: `${topic} (${[...places].join(", ")})` }];
  });
}

function isCause({ explains = [] }: Problem, of: Problem): boolean {
  const places = [of.path, ...(of.missing ?? [])];
  return explains.some((place) =>
    places.some((other) => isAtOrBelow(other, place)),
  );
}

function isAtOrBelow(path: Path, place: Path): boolean {
  return place.every((part, depth) => path[depth] === part);
}

function findRoot(index: number, causes: readonly number[]): number {
  const seen = new Set<number>();
  let root = index;
  while (!seen.has(root)) {
    seen.add(root);
    const next = causes[root] ?? -1;
    if (next === -1) break;
    root = next;
  }
  return root;
}
