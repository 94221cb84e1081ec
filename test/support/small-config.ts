import { readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { type YAMLMap, type YAMLSeq, parseDocument } from "yaml";

/**
 * Leaves one chat model and one for embeddings in each LiteLLM config, without
 * aliases and fallbacks: a verification asks seven times instead of forty.
 */
export async function shrinkConfigs(directory: string): Promise<void> {
  const names = await readdir(directory);
  for (const name of names.filter((n) => /^litellm\..*\.yaml$/.test(n))) {
    const file = path.join(directory, name);
    await writeFile(file, shrink(await readFile(file, "utf8")));
  }
}

function shrink(text: string): string {
  const document = parseDocument(text);
  const models = document.get("model_list") as YAMLSeq<YAMLMap>;
  const isEmbedding = (model: YAMLMap): boolean => model.has("model_info");
  models.items = [
    models.items.find((model) => !isEmbedding(model)),
    models.items.find(isEmbedding),
  ].filter((model) => model !== undefined);
  document.deleteIn(["router_settings", "model_group_alias"]);
  document.deleteIn(["router_settings", "fallbacks"]);
  return document.toString();
}
