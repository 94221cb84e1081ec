import { isMap, isSeq, parseDocument } from "yaml";

/** The config with a model that is nowhere: LiteLLM starts with it, and a verification asks it. */
export function addMissingModel(text: string): string {
  const document = parseDocument(text);
  const models = document.get("model_list");
  if (!isSeq(models)) throw new Error("the config has no model_list");
  const [first] = models.items;
  const model = isMap(first) ? first.getIn(["litellm_params", "model"]) : "";
  const provider = String(model).split("/")[0] ?? "";
  models.add(
    document.createNode({
      model_name: "acceptance-missing",
      litellm_params: { model: `${provider}/gemini-acceptance-missing` },
      model_info: { mode: "chat" },
    }),
  );
  return document.toString();
}
