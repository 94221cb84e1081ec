/**
 * Where Vertex AI serves which of Google's models, as read on 27 November 2026; the first line that fits counts.
 * Sources: [1] "Gemini 3.8 Flash developer guide", "Model specifications": 3.7 and 3.8 Flash in global and multi-region, 3.1 Pro in global.
 * [2] "Supported locations" (docs.cloud.google.com/gemini-enterprise-agent-platform/resources/locations): the multi-regions are us and eu.
 * [3] LiteLLM's model map: a price for other places than global (`regional_endpoint_uplift_multiplier`) has 3.1 Flash-Lite, 3.5 to 3.8 Flash, and 4 Argon.
 * [4] Firebase, "Locations": previews in global only. [5] LiteLLM's issue 37990: regions get no new models.
 */
const PLACES: [model: RegExp, places: "global" | "multi-region" | "region"][] =
  [
    [/-preview|customtools|cyber/, "global"], // [1] [4]
    [/^gemini-3\.[15-8]-flash/, "multi-region"], // [1] [2] [3]
    [/^gemini-4-argon$/, "multi-region"], // [3]
    [/^gemini-([3-9]|omni|robotics|embedding-2)/, "global"], // [5]
    [/./, "region"],
  ];

const MULTI_REGIONS = ["us", "eu"];

/** Whether the model answers there: everything does in global, a multi-region's models not in regions. */
export function isServedIn(location: string, model: string): boolean {
  const [, places] = PLACES.find(([name]) => name.test(model)) ?? [];
  return (
    location === "global" ||
    places === "region" ||
    (places === "multi-region" && MULTI_REGIONS.includes(location))
  );
}
