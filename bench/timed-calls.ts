/** A process of its own that asks, as gcloud and the scripts are: what it does with an answer is not the emulator's time. */

export interface Calls {
  url: string;
  token: string;
  /** So many calls, one after the other. */
  count: number;
}

process.on("message", (calls: Calls) => {
  void timeCalls(calls).then((times) => process.send?.(times));
});

/** Milliseconds of each, until all of its answer is here. */
async function timeCalls({ url, token, count }: Calls): Promise<number[]> {
  const times: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const began = performance.now();
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
    });
    await answer.arrayBuffer();
    times.push(performance.now() - began);
    if (!answer.ok) throw new Error(`${url}: ${String(answer.status)}`);
  }
  return times;
}
