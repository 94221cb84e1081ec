import path from "node:path";
import fc from "fast-check";
import type { Case } from "./litellm-cases.ts";
import type { Verdict } from "./litellm-judge.ts";
import { mutated } from "./litellm-mutations.ts";

/** What LiteLLM said of the sample: test/deep/litellm-verdicts.test.ts records it. */
export const RECORDED = path.join(
  import.meta.dirname,
  "../scripts/litellm-config/verdicts.txt",
);

const SEED = 20261126;
const RUNS = 200;

/** Mutations of the cases, the same each time. */
export function drawSample(): Case[] {
  console.info(`${String(RUNS)} mutations, seed ${String(SEED)}`);
  return fc.sample(mutated, { numRuns: RUNS, seed: SEED });
}

/** One a line: whether LiteLLM runs with it, and what was changed. */
export function formatVerdicts(
  cases: readonly Case[],
  verdicts: readonly Verdict[],
): string {
  return cases
    .map(({ name }, index) => {
      const { reason, left_out } = verdicts[index] ?? {};
      const runs = reason === null && left_out?.length === 0;
      return `${runs ? "runs " : "fails"} ${name}\n`;
    })
    .join("");
}

/** From what formatVerdicts wrote: name to whether LiteLLM runs with it. */
export function readVerdicts(text: string): Map<string, boolean> {
  return new Map(
    text
      .split("\n")
      .filter(Boolean)
      .map((line) => [line.slice(6), line.startsWith("runs")]),
  );
}
