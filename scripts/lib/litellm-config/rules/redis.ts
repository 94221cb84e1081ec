import { suggest } from "../../cli/suggest.ts";
import { REDIS_PARAMS } from "../accepted-names.ts";
import { section } from "../config-view.ts";
import type { Problem } from "../finding.ts";
import type { Rule } from "../rule.ts";

/** Parameters that LiteLLM hands on to the client of Redis, which refuses what it does not know. */
export const checkRedis: Rule = ({ value }) => {
  const settings = section(value, "litellm_settings");
  const params = section(settings, "cache_params");
  const { type = "redis" } = params;
  if (settings.cache !== true || type !== "redis") return [];
  const unknown = Object.keys(params)
    .filter((name) => !REDIS_PARAMS.includes(name))
    .map((name): Problem => {
      const near = suggest(name, REDIS_PARAMS);
      return {
        severity: "error",
        path: ["litellm_settings", "cache_params", name],
        at: "key",
        message: `${name} is no parameter of a cache in Redis`,
        hint: near === undefined ? "Remove it." : `Did you mean ${near}?`,
      };
    });
  const named = ["url", "host"].find((name) => name in params);
  if ("type" in params || named === undefined) return unknown;
  return [
    ...unknown,
    {
      severity: "warning",
      path: ["litellm_settings", "cache_params", named],
      at: "key",
      message: `cache_params has a ${named} and no type: LiteLLM keeps the cache in each instance's memory`,
      hint: "Add type: redis.",
    },
  ];
};
