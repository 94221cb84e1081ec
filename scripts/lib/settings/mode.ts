/** How LiteLLM calls Gemini: with a service account, or with a key of the Gemini API. */
export type Mode = "vertex" | "apikey";
