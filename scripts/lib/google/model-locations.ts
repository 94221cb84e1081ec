/** Google's page on which location of Vertex AI has which model. */
export const MODEL_LOCATIONS =
  "docs.cloud.google.com/gemini-enterprise-agent-platform/resources/locations";

/** Larger locations of Vertex AI to ask, nearest first. Whoever is in Europe is never sent out of the EU. */
export function widerThan(location: string): string[] {
  if (location === "global" || location === "eu") return [];
  if (location.startsWith("europe-")) return ["eu"];
  return location.startsWith("us-") ? ["us", "global"] : ["global"];
}
