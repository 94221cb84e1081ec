/** A rough token count, the same every time: four characters a token. */
export function countTokens(text: string): number {
  return Math.max(1, Math.ceil(Array.from(text).length / 4));
}

/** Whole words, so that no character is torn apart; at least three chunks for any answer. */
export function splitIntoChunks(text: string, wordsPerChunk = 4): string[] {
  const words = text.match(/\s*\S+|\s+$/g) ?? [text];
  const chunks: string[] = [];
  for (let start = 0; start < words.length; start += wordsPerChunk) {
    chunks.push(words.slice(start, start + wordsPerChunk).join(""));
  }
  return chunks;
}

/** Ends before the first of the sequences, which is not said. */
export function stopAt(
  text: string,
  sequences: readonly string[] = [],
): string {
  const ends = sequences
    .map((sequence) => text.indexOf(sequence))
    .filter((index) => index >= 0);
  return text.slice(0, Math.min(text.length, ...ends));
}

/** Cuts the text at a number of tokens. */
export function limitText(text: string, most: number): string {
  if (countTokens(text) <= most) return text;
  return Array.from(text)
    .slice(0, Math.max(0, most) * 4)
    .join("");
}
