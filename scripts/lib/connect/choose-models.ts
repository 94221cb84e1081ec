import { InputError, UserError } from "../cli/errors.ts";
import type { ClientModel } from "../litellm-config/client-models.ts";
import { findModel } from "../litellm-config/model-map.ts";
import { hintForName, isServed } from "../litellm-config/served-names.ts";

export interface Wishes {
  model: string | undefined;
  smallModel: string | undefined;
}

/** Which of the served models a client is told to ask. */
export interface ChosenModels {
  model: string;
  /** For a coding agent's small tasks. */
  smallModel: string;
  /** Undefined where the env serves none. */
  embedding: string | undefined;
  /** Every name that can be chatted with. */
  chat: string[];
}

/** What is wished for, else the first chat model of the config, and the cheapest one. Throws InputError for a name that is not served. */
export function chooseModels(
  models: readonly ClientModel[],
  wishes: Wishes,
): ChosenModels {
  const groups = models.filter(({ aliasOf }) => aliasOf === undefined);
  const chat = groups.filter(({ kind }) => kind === "chat");
  const names = new Set(models.map(({ name }) => name));
  for (const [option, name] of [
    ["model", wishes.model],
    ["small-model", wishes.smallModel],
  ] as const) {
    if (name === undefined || isServed(name, names)) continue;
    throw new InputError(`--${option}=${name}: the env does not serve it`, {
      hint: hintForName(name, names),
    });
  }
  const model = wishes.model ?? chat[0]?.name;
  if (model === undefined) {
    throw new UserError("the env's config has no chat model", {
      hint: "Name one that it serves by a pattern: --model=NAME",
    });
  }
  const [cheapest] = chat.toSorted((a, b) => priceOf(a) - priceOf(b));
  return {
    model,
    smallModel: wishes.smallModel ?? cheapest?.name ?? model,
    embedding: groups.find(({ kind }) => kind === "embedding")?.name,
    chat: [...new Set([model, ...chat.map(({ name }) => name)])],
  };
}

/** Of a million tokens in and one out; a model without a price is never the cheapest. */
function priceOf({ deployments }: ClientModel): number {
  const known = findModel(deployments[0]?.model ?? "");
  return known === undefined ? Infinity : known.inputPrice + known.outputPrice;
}
