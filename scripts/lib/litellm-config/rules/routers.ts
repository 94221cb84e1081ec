import { suggest } from "../../cli/suggest.ts";
import type { Deployment } from "../config-view.ts";
import type { Rule } from "../rule.ts";

/** A router of LiteLLM's own, over other names of the same config. */
export const ROUTER = "auto_router/";

/** Of each kind, any of which parameters it is made with. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  complexity_router: [
    "complexity_router_config",
    "complexity_router_default_model",
  ],
  adaptive_router: ["adaptive_router_config"],
  quality_router: ["quality_router_config", "quality_router_default_model"],
};

/** What every other name under `auto_router/` needs: it is a router by meaning. */
const SEMANTIC = [
  ["auto_router_config", "auto_router_config_path"],
  ["auto_router_default_model"],
  ["auto_router_embedding_model"],
];

/** Routers that LiteLLM cannot make: it starts without them. */
export const checkRouters: Rule = ({ deployments }) =>
  deployments.flatMap((deployment) => {
    const { name, model, path } = deployment;
    if (!model.startsWith(ROUTER)) return [];
    const kind = model.slice(ROUTER.length);
    const known = Object.keys(KINDS).find((one) => kind.startsWith(one));
    const needed = known === undefined ? SEMANTIC : [KINDS[known] ?? []];
    const missing = needed.find((names) => !hasOneOf(deployment, names));
    if (missing === undefined) return [];
    const near = known === undefined && suggest(kind, Object.keys(KINDS));
    return [
      {
        severity: "error",
        path: [...path, "litellm_params", "model"],
        message: `${model} has no ${missing.join(" or ")}: LiteLLM starts without ${name}`,
        hint: near
          ? `Did you mean ${ROUTER}${near}?`
          : `Add ${missing[0] ?? ""}.`,
      },
    ];
  });

function hasOneOf({ params }: Deployment, names: readonly string[]): boolean {
  return names.some((name) => Boolean(params[name]));
}
