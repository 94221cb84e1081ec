/** Does the work of each item, so many at once, and answers in the items' order. */
export async function inLanes<Item, Result>(
  lanes: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = [...items.entries()];
  const run = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, item] = next;
      results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: lanes }, run));
  return results;
}

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** So many of the items, in their order. */
export function pick<Item>(
  items: readonly Item[],
  many: number,
  random: () => number,
): Item[] {
  const chosen = items
    .map((item, index) => ({ item, index, at: random() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, many);
  return chosen.sort((a, b) => a.index - b.index).map(({ item }) => item);
}
