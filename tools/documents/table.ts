/** A Markdown table; Prettier lines it up. */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map(escapeCell).join(" | ")} |`)
    .join("\n");
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** Text without the line breaks that a terminal needs; what begins with `<` is no HTML. */
export function toProse(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll("<", "&lt;");
}

/** A bar ends a cell, even in code. */
function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}
