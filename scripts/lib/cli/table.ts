import { LEAST_ROOM, wrapBeside } from "./wrap.ts";

/**
 * Rows as wide as the widest cell of each column; the first one is the head.
 * Where `width` is too narrow for them the last column breaks between words, and
 * where even that does not fit the cells of a row stand below one another.
 */
export function formatTable(
  table: readonly (readonly string[])[],
  width = Infinity,
): string {
  const columns = Math.max(0, ...table.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  const last = columns - 1;
  const margin = widths.slice(0, last).reduce((sum, w) => sum + w + 2, 0);
  const words = table.flatMap((row) => (row[last] ?? "").split(" "));
  const longest = Math.max(...words.map((word) => word.length));
  const room = width - margin;
  const fits =
    (widths[last] ?? 0) <= room || Math.max(longest, LEAST_ROOM) <= room;
  const [head = [], ...rows] = table;
  if (!fits) {
    return rows.map((row) => formatBelow(head, row, width)).join("\n\n");
  }
  return table
    .map((row) => {
      const padded = row
        .slice(0, last)
        .map((cell, column) => cell.padEnd((widths[column] ?? 0) + 2));
      return wrapBeside(padded.join(""), row[last] ?? "", width).join("\n");
    })
    .join("\n");
}

/** One cell a line, each with its head; one that is empty tells nothing. */
function formatBelow(
  head: readonly string[],
  row: readonly string[],
  width: number,
): string {
  const margin = Math.max(...head.map((name) => name.length)) + 2;
  return row
    .flatMap((cell, column) =>
      cell === ""
        ? []
        : wrapBeside((head[column] ?? "").padEnd(margin), cell, width),
    )
    .join("\n");
}

/** `5 min`, `3 h`, `4 d`. */
export function formatAge(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 60) return `${String(minutes)} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? `${String(hours)} h`
    : `${String(Math.floor(hours / 24))} d`;
}
