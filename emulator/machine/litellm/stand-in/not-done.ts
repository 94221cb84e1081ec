import { CLIENT_KEYS } from "./client-keys.ts";

type Json = Record<string, unknown>;

/** Settings by which LiteLLM lets calls pass or not, in Python that is not run here. */
export function listNotDone(config: Json): string[] {
  const { custom_auth: auth } = section(config, "general_settings");
  const settings = section(config, "litellm_settings");
  // What has a point in its name is code of one's own.
  const callbacks = [settings.callbacks]
    .flat()
    .filter((name) => typeof name === "string" && name.includes("."));
  return [
    ...(isGiven(auth) && auth !== CLIENT_KEYS
      ? ["general_settings.custom_auth"]
      : []),
    ...["post_call_rules", "custom_provider_map"]
      .filter((name) => isGiven(settings[name]))
      .map((name) => `litellm_settings.${name}`),
    ...(callbacks.length > 0 ? ["litellm_settings.callbacks"] : []),
    ...(isGiven(config.guardrails) ? ["guardrails"] : []),
  ];
}

function section(of: Json, name: string): Json {
  return (of[name] ?? {}) as Json;
}

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}
