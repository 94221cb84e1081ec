import type { Path } from "./finding.ts";

export type Mapping = Readonly<Record<string, unknown>>;

/** One entry of `model_list`. */
export interface Deployment {
  path: Path;
  /** Its `model_name`. */
  name: string;
  /** `litellm_params.model`, e.g. `vertex_ai/gemini-3.8-flash`. */
  model: string;
  params: Mapping;
  info: Mapping;
}

/** One entry of `router_settings.model_group_alias`. */
export interface Alias {
  path: Path;
  name: string;
  target: string;
  /** Works, but is not in the model list that clients see. */
  hidden: boolean;
}

/** A place that names a model which answers when another one failed. */
export interface Fallback {
  /** Which kind: `fallbacks`, `context_window_fallbacks`, … */
  setting: string;
  /** The name whose calls it is for; `*` is every name. */
  from: string;
  fromPath: Path;
  targets: { name: string; path: Path }[];
}

/** A config as the rules see it. What the schema refuses is left out. */
export interface ConfigView {
  value: Mapping;
  deployments: Deployment[];
  aliases: Alias[];
  fallbacks: Fallback[];
}

const FALLBACK_SETTINGS = [
  "fallbacks",
  "context_window_fallbacks",
  "content_policy_fallbacks",
];

export function viewConfig(document: unknown): ConfigView {
  const value = asMapping(document);
  return {
    value,
    deployments: asList(value.model_list).flatMap(viewDeployment),
    aliases: viewAliases(section(value, "router_settings")),
    fallbacks: ["router_settings", "litellm_settings"].flatMap((name) => [
      ...FALLBACK_SETTINGS.flatMap((setting) =>
        viewFallbacks(value, name, setting),
      ),
      ...viewDefaultFallbacks(value, name),
    ]),
  };
}

/** LiteLLM's full name of a deployment's model, provider first. */
export function nameModel({ model, params }: Deployment): string {
  const provider = params.custom_llm_provider;
  if (typeof provider !== "string" || model.startsWith(`${provider}/`)) {
    return model;
  }
  return `${provider}/${model}`;
}

/** Keys of which a null is not to LiteLLM what their absence is: there it fails. */
const NULL_IS_A_VALUE = new Set([
  "audit_log_callbacks",
  "callbacks",
  "failure_callback",
  "litellm_settings",
  "master_key",
  "max_budget",
  "model_info",
  "routing_strategy_args",
  "service_callback",
  "success_callback",
]);

/** Keys in whose mappings it does so. */
const NULLS_ARE_VALUES = new Set([
  "complexity_router_config",
  "guardrails",
  "routing_strategy_args",
]);

/** Without the keys that are null: to LiteLLM they are not set. */
export function dropNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropNulls);
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => item !== null || NULL_IS_A_VALUE.has(key))
      .map(([key, item]) => [
        key,
        NULLS_ARE_VALUES.has(key) ? item : dropNulls(item),
      ]),
  );
}

export function section(value: Mapping, name: string): Mapping {
  return asMapping(value[name]);
}

export function asMapping(value: unknown): Mapping {
  return isMapping(value) ? value : {};
}

export function isMapping(value: unknown): value is Mapping {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date)
  );
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Undefined for what is no string, and for an empty one. */
export function asText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function viewDeployment(entry: unknown, index: number): Deployment[] {
  const { model_name: name, litellm_params, model_info } = asMapping(entry);
  const params = asMapping(litellm_params);
  const model = asText(params.model);
  if (typeof name !== "string" || model === undefined) return [];
  const info = asMapping(model_info);
  return [{ path: ["model_list", index], name, model, params, info }];
}

function viewAliases(router: Mapping): Alias[] {
  return Object.entries(asMapping(router.model_group_alias)).flatMap(
    ([name, value]) => {
      const target = asText(isMapping(value) ? value.model : value);
      if (target === undefined) return [];
      const path = ["router_settings", "model_group_alias", name];
      const hidden = isMapping(value) && value.hidden === true;
      return [{ path, name, target, hidden }];
    },
  );
}

function viewFallbacks(
  value: Mapping,
  sectionName: string,
  setting: string,
): Fallback[] {
  return asList(section(value, sectionName)[setting]).flatMap((entry, index) =>
    Object.entries(asMapping(entry)).map(([from, targets]) => {
      const fromPath = [sectionName, setting, index, from];
      return {
        setting,
        from,
        fromPath,
        targets: viewTargets(targets, fromPath),
      };
    }),
  );
}

function viewDefaultFallbacks(value: Mapping, sectionName: string): Fallback[] {
  const setting = "default_fallbacks";
  const fromPath = [sectionName, setting];
  const targets = viewTargets(section(value, sectionName)[setting], fromPath);
  return targets.length === 0
    ? []
    : [{ setting, from: "*", fromPath, targets }];
}

function viewTargets(
  targets: unknown,
  path: Path,
): { name: string; path: Path }[] {
  return asList(targets).flatMap((target, index) => {
    const name = asText(isMapping(target) ? target.model : target);
    return name === undefined ? [] : [{ name, path: [...path, index] }];
  });
}
