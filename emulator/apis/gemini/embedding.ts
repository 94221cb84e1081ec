import { createHash } from "node:crypto";

/** A vector of length 1 that only depends on the text. */
export function embed(text: string, dimensions: number): number[] {
  const values: number[] = [];
  for (let block = 0; values.length < dimensions; block++) {
    const digest = createHash("sha256").update(`${block}\n${text}`).digest();
    for (const byte of digest) values.push(byte / 127.5 - 1);
  }
  const vector = values.slice(0, dimensions);
  const length = Math.hypot(...vector);
  return vector.map((value) => Number((value / length).toFixed(6)));
}
