/** What config/models.json says about a model. */
export interface Model {
  mode: "chat" | "embedding";
  /** US dollars per million tokens. */
  inputPrice: number;
  outputPrice: number;
  /** The day on which Google stops answering for it. */
  retires?: string;
  /** False where temperature, top_p and top_k have no effect. */
  samplingParameters?: false;
  /** Numbers in an embedding. */
  vectorSize?: number;
}

/** What config/models.json says about Google's models that are for something else, and about partners'. */
export interface OtherModel {
  mode: string;
  retires?: string;
}

/** What we read of an entry in LiteLLM's model map. */
interface MapEntry {
  litellm_provider?: string;
  mode?: string;
  input_cost_per_token?: number;
  output_cost_per_token?: number;
  deprecation_date?: string;
  supports_sampling_params?: boolean;
  output_vector_size?: number;
}

/** LiteLLM's names for Google's own models on Vertex AI; the others are partners'. */
const VERTEX_PROVIDERS = new Set([
  "vertex_ai",
  "vertex_ai-language-models",
  "vertex_ai-embedding-models",
]);

/** Google's chat and embedding models in LiteLLM's model map, sorted by name. */
export function listModels(
  map: Readonly<Record<string, MapEntry>>,
): Record<string, Model> {
  const models = new Map<string, Model>();
  for (const [key, entry] of Object.entries(map)) {
    const name = nameOf(key, entry);
    const model = describe(entry);
    if (name === undefined || model === undefined) continue;
    // Some stand there twice, with and without provider: the former is the one
    // that LiteLLM looks up first.
    if (key === name || !models.has(name)) models.set(name, model);
  }
  return Object.fromEntries(
    [...models].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  );
}

/** Whatever else LiteLLM has at Google, sorted by name. `own`: what listModels has. */
export function listOtherModels(
  map: Readonly<Record<string, MapEntry>>,
  own: Readonly<Record<string, Model>>,
): Record<string, OtherModel> {
  const others = Object.entries(map).flatMap(
    ([key, entry]): [string, OtherModel][] => {
      const { mode, deprecation_date: retires } = entry;
      const provider = /^(gemini|vertex_ai)/.exec(
        entry.litellm_provider ?? "",
      )?.[1];
      if (provider === undefined || mode === undefined) return [];
      const name = key.startsWith(`${provider}/`) ? key : `${provider}/${key}`;
      if (name in own) return [];
      return [[name, { mode, ...(retires !== undefined && { retires }) }]];
    },
  );
  return Object.fromEntries(
    others.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  );
}

function nameOf(key: string, entry: MapEntry): string | undefined {
  const provider = entry.litellm_provider ?? "";
  if (provider === "gemini" && /^gemini\/[^/]+$/.test(key)) return key;
  if (!VERTEX_PROVIDERS.has(provider)) return undefined;
  if (/^[^/]+$/.test(key)) return `vertex_ai/${key}`;
  return /^vertex_ai\/[^/]+$/.test(key) ? key : undefined;
}

function describe(entry: MapEntry): Model | undefined {
  const { mode, input_cost_per_token: input } = entry;
  if (mode !== "chat" && mode !== "embedding") return undefined;
  if (input === undefined) return undefined;
  return {
    mode,
    inputPrice: perMillion(input),
    outputPrice: perMillion(entry.output_cost_per_token ?? 0),
    ...(entry.deprecation_date === undefined
      ? {}
      : { retires: entry.deprecation_date }),
    ...(entry.supports_sampling_params === false
      ? { samplingParameters: false }
      : {}),
    ...(entry.output_vector_size === undefined
      ? {}
      : { vectorSize: entry.output_vector_size }),
  };
}

/** Without the tail that binary fractions leave. */
function perMillion(perToken: number): number {
  return Number((perToken * 1_000_000).toPrecision(9));
}
