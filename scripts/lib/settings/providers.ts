import providers from "../../../config/providers.json" with { type: "json" };

const VARIABLES: Readonly<Record<string, string>> = providers.keys;
/** Where LiteLLM looks for a provider's key. */
export const KNOWN_VARIABLES: readonly string[] = [
  ...new Set(Object.values(VARIABLES)),
];

const BARE: Readonly<Record<string, readonly string[]>> = providers.bareModels;

/** Names of every provider that LiteLLM has. */
export const PROVIDERS: readonly string[] = providers.providers;

/** What a model of another provider than Google is for, where it is not for text; undefined: for text, or unknown. */
export function findKind(model: string): "embedding" | "other" | undefined {
  const { embedding, other } = providers.kinds;
  const full = addProvider(model);
  if (embedding.includes(full)) return "embedding";
  return other.includes(full) ? "other" : undefined;
}

const RETIREMENTS: Readonly<Record<string, string>> = providers.retirements;

/** The day (YYYY-MM-DD) on which another provider than Google stops answering for a model, by LiteLLM's list; undefined: it has none. */
export function findRetirement(model: string): string | undefined {
  const full = addProvider(model);
  // What LiteLLM has of Bedrock by the model's name stands there once for all ways to it.
  const plain = full.replace(/^bedrock\/(converse\/|invoke\/)?/, "bedrock/");
  return [full, plain]
    .filter((name) => Object.hasOwn(RETIREMENTS, name))
    .map((name) => RETIREMENTS[name])[0];
}

function addProvider(model: string): string {
  return model.includes("/") ? model : `${findProvider(model) ?? ""}/${model}`;
}

/** The provider of a model: its first part, or where LiteLLM's own list has a name without one. */
export function findProvider(model: string): string | undefined {
  const [first = "", ...rest] = model.split("/");
  if (rest.length > 0) return first;
  return Object.keys(BARE).find((name) => BARE[name]?.includes(model));
}

/** The variable from which LiteLLM takes the key of a deployment that names none; undefined: it needs none, or several things. */
export function findProviderKey(params: unknown): string | undefined {
  if (typeof params !== "object" || params === null) return undefined;
  const given = params as Readonly<Record<string, unknown>>;
  if (isGiven(given.api_key) || isGiven(given.litellm_credential_name)) {
    return undefined;
  }
  const { custom_llm_provider: named, model } = given;
  const provider =
    typeof named === "string" && named !== ""
      ? named
      : typeof model === "string"
        ? findProvider(model)
        : undefined;
  return provider !== undefined && Object.hasOwn(VARIABLES, provider)
    ? VARIABLES[provider]
    : undefined;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}
