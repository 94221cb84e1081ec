import { section } from "../config-view.ts";
import type { Rule } from "../rule.ts";

/** Those that LiteLLM makes with arguments of its own, and not with nothing in their place (1.108.14, `Router`). */
const WITH_ARGUMENTS = [
  "latency-based-routing",
  "usage-based-routing",
  "usage-based-routing-v2",
];

/** A strategy whose arguments stand there with nothing below them. */
export const checkRouting: Rule = ({ value }) => {
  const { routing_strategy: strategy, routing_strategy_args: args } = section(
    value,
    "router_settings",
  );
  if (args !== null || !WITH_ARGUMENTS.includes(String(strategy))) return [];
  return [
    {
      severity: "error",
      path: ["router_settings", "routing_strategy_args"],
      at: "key",
      message: `routing_strategy_args is empty: with ${String(strategy)}, LiteLLM does not start with it`,
      hint: "Remove the key, or write an argument below it.",
    },
  ];
};
