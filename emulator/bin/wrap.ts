/** At most `width` wide, without a word broken. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last === undefined || longer.length > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** Of what people read: the terminal's, 80 at most and where there is none. */
export function widthOf({ columns = 80 }: { columns?: number }): number {
  return Math.min(columns, 80);
}
