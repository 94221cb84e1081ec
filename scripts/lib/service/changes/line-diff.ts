/** A line of one text, or of both. */
export interface DiffLine {
  kind: "same" | "removed" | "added";
  text: string;
}

/** From one text to another, by the longest common subsequence of their lines. */
export function diffLines(before: string, after: string): DiffLine[] {
  const old = before.split("\n");
  const wanted = after.split("\n");
  const lengths = tableOf(old, wanted);
  const diff: DiffLine[] = [];
  let row = 0;
  let column = 0;
  while (row < old.length || column < wanted.length) {
    const removed = old[row];
    const added = wanted[column];
    if (removed !== undefined && removed === added) {
      diff.push({ kind: "same", text: removed });
      row += 1;
      column += 1;
    } else if (
      added === undefined ||
      (removed !== undefined &&
        at(lengths, row + 1, column) >= at(lengths, row, column + 1))
    ) {
      diff.push({ kind: "removed", text: removed ?? "" });
      row += 1;
    } else {
      diff.push({ kind: "added", text: added });
      column += 1;
    }
  }
  return diff;
}

/** What changed, each with `context` lines around it; undefined: lines were left out. */
export function withContext(
  diff: readonly DiffLine[],
  context: number,
): (DiffLine | undefined)[] {
  const isNear = (index: number): boolean =>
    diff
      .slice(Math.max(0, index - context), index + context + 1)
      .some(({ kind }) => kind !== "same");
  return diff.flatMap((line, index) => {
    if (isNear(index)) return [line];
    return index === 0 || isNear(index - 1) ? [undefined] : [];
  });
}

/** How long the longest common subsequence is from each pair of lines on. */
function tableOf(
  old: readonly string[],
  wanted: readonly string[],
): number[][] {
  const lengths = Array.from({ length: old.length + 1 }, () =>
    Array.from({ length: wanted.length + 1 }, () => 0),
  );
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = wanted.length - 1; column >= 0; column -= 1) {
      const line = lengths[row] ?? [];
      line[column] =
        old[row] === wanted[column]
          ? at(lengths, row + 1, column + 1) + 1
          : Math.max(
              at(lengths, row + 1, column),
              at(lengths, row, column + 1),
            );
    }
  }
  return lengths;
}

function at(lengths: readonly number[][], row: number, column: number): number {
  return lengths[row]?.[column] ?? 0;
}
