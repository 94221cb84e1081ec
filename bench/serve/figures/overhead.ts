import { chat, direct, run } from "../client.ts";
import { type Figure, compare, format, median } from "../figure.ts";

export const overhead: Figure = {
  name: "overhead",
  title: "What the proxy adds at one client",
  method:
    "One client after another asks Gemini itself, and the gateway. Gemini answers at once, so that all of the time is the way there and back; Google's front end, the client and Gemini are the same emulated ones.",
  async measure(lab, sides, { rounds, seconds }) {
    const { bash, ours } = await sides();
    lab.answerAfter(0);
    const ways = {
      direct: direct(lab),
      bash: chat(bash),
      ours: chat(ours),
    };
    const taken: Record<keyof typeof ways, { p50: number; p99: number }[]> = {
      direct: [],
      bash: [],
      ours: [],
    };
    for (let round = 0; round <= rounds; round += 1) {
      for (const way of ["direct", "bash", "ours"] as const) {
        const bounds = { concurrency: 1, seconds: seconds / 2 };
        const { summary } = await run(ways[way], bounds);
        if (summary.latency === null) throw new Error(`${way}: no answers`);
        // The first one fills caches.
        if (round > 0) taken[way].push(summary.latency);
      }
    }
    const of = (way: keyof typeof ways, share: "p50" | "p99") =>
      median(taken[way].map((latency) => latency[share]));
    const shares = ["p50", "p99"] as const;
    const added = (way: "bash" | "ours", share: "p50" | "p99") =>
      of(way, share) - of("direct", share);
    return {
      rows: shares.map((share) =>
        compare(
          `added, ${share}`,
          added("bash", share),
          added("ours", share),
          "ms",
          undefined,
        ),
      ),
      tables: [
        [
          ["", ...shares],
          ...(["direct", "bash", "ours"] as const).map((way) => [
            way,
            ...shares.map((share) => `${format(of(way, share))} ms`),
          ]),
        ],
      ],
      notes: [],
      plots: [],
    };
  },
};
