const WIDTHS = [22, 9, 16, 16, 16];

/** A table of at most 80 columns. */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const width = WIDTHS[column] ?? 12;
        return cell.slice(0, width - 1).padEnd(width);
      })
      .join("")
      .trimEnd();
  return [line(head), ...rows.map(line)].join("\n");
}

/** Shows text in place of what it showed before; without a terminal, each change once. */
export function startDisplay(
  stream: NodeJS.WriteStream,
): (text: string) => void {
  let shown = "";
  return (text) => {
    if (text === shown) return;
    const lines = shown === "" ? 0 : shown.split("\n").length;
    const over = stream.isTTY && lines > 0 ? `\u001b[${lines}A\u001b[0J` : "";
    stream.write(`${over}${text}\n`);
    shown = text;
  };
}
