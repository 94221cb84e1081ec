import type { ClientModel } from "../litellm-config/client-models.ts";
import { LITELLM_VERSION, findModel } from "../litellm-config/model-map.ts";
import { MAX_TOKENS } from "../verify/probe-text.ts";
import type { Bounds } from "./generate.ts";

/** More than the prompt has in any model's tokens: a sentence, and some thirty letters to repeat. */
const PROMPT_TOKENS = 100;

/** What a run costs at most, in the order of who bills it. Prices are those of the list, and none where it has none. */
export function describeCosts(
  model: string,
  models: readonly ClientModel[],
  { calls, seconds }: Pick<Bounds, "calls" | "seconds">,
): string[] {
  const input = calls * PROMPT_TOKENS;
  const output = calls * MAX_TOKENS;
  return [
    `At most ${count(calls)} calls of ${model}, started within ${seconds} s. What they cost at most:`,
    `- the model: ${count(input)} tokens in and ${count(output)} out, ${describePrice(model, models, input, output)};`,
    `- Cloud Run: ${count(calls)} requests, and its instances while they answer; Cloud Logging: their lines.`,
    'Calls that LiteLLM repeats (num_retries, fallbacks) come on top. The price pages: docs/operating.md, "Costs".',
  ];
}

/** Of the dearest deployment: nobody knows which one answers. */
function describePrice(
  model: string,
  models: readonly ClientModel[],
  input: number,
  output: number,
): string {
  const deployments =
    models.find(({ name }) => name === model)?.deployments ?? [];
  const prices = deployments.map((deployment) => {
    const known = findModel(deployment.model);
    if (known === undefined) return undefined;
    return (input * known.inputPrice + output * known.outputPrice) / 1e6;
  });
  const known = prices.filter((price) => price !== undefined);
  if (known.length === 0 || known.length < prices.length) {
    return "for which no price is known here";
  }
  return `which is ${Math.max(...known).toFixed(2)} US dollars by the prices in LiteLLM ${LITELLM_VERSION} (they bear no date)`;
}

/** `1,200` */
function count(number: number): string {
  return number.toLocaleString("en-US");
}
