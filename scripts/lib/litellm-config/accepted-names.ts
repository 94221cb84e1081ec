import names from "../../../config/litellm.names.schema.json" with { type: "json" };

/** Names that LiteLLM itself has for what a config may name. */
export const CALLBACKS: readonly string[] = names.$defs.callbacks.enum;
export const GUARDRAILS: readonly string[] = names.$defs.guardrails.enum;
export const GUARDRAIL_MODES: readonly string[] =
  names.$defs.guardrail_modes.enum;
export const REDIS_PARAMS: readonly string[] = names.$defs.redis_params.enum;
