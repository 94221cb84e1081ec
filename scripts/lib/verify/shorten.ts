const LONGEST = 300;

/** `text` as one line of at most 300 characters. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 3)}...`;
}
