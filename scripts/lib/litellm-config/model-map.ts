import modelMap from "../../../config/models.json" with { type: "json" };

/** What LiteLLM knows of a model (config/models.json). */
export interface KnownModel {
  mode: string;
  /** US dollars per million tokens. */
  inputPrice: number;
  outputPrice: number;
  /** The day (YYYY-MM-DD) on which Google stops answering for it. */
  retires?: string;
}

const models: Readonly<Record<string, KnownModel>> = modelMap.models;

/** The version of LiteLLM that the list is from. */
export const LITELLM_VERSION: string = modelMap.litellm;

export function findModel(model: string): KnownModel | undefined {
  return Object.hasOwn(models, model) ? models[model] : undefined;
}

/** What LiteLLM has at Google beside its own chat and embedding models: other modes, and partners' models. */
export function findOtherModel(
  model: string,
): Pick<KnownModel, "mode" | "retires"> | undefined {
  const { others } = modelMap as {
    others: Readonly<Record<string, Pick<KnownModel, "mode" | "retires">>>;
  };
  return Object.hasOwn(others, model) ? others[model] : undefined;
}

/** Models that still answer on that day. */
export function listModelNames(provider: string, today: string): string[] {
  return Object.entries(models)
    .filter(
      ([name, { retires }]) =>
        name.startsWith(`${provider}/`) &&
        (retires === undefined || retires > today),
    )
    .map(([name]) => name);
}
