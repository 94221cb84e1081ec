/** Whether LiteLLM's `provider/model` names another provider than Google. */
export function isOthers(model = ""): boolean {
  return /^(?!vertex_ai|gemini)[^/]+\//.test(model);
}
