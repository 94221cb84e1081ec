import { type GenerateRequest, invalid, notDone } from "./request.ts";
import { textOf } from "./usage.ts";

/** Of which this Gemini has a filter: https://ai.google.dev/api/generate-content#harmcategory */
const CATEGORIES = [
  "HARM_CATEGORY_HARASSMENT",
  "HARM_CATEGORY_HATE_SPEECH",
  "HARM_CATEGORY_SEXUALLY_EXPLICIT",
  "HARM_CATEGORY_DANGEROUS_CONTENT",
  "HARM_CATEGORY_CIVIC_INTEGRITY",
];

/** Vertex AI has these too (discovery document, `SafetySetting.category`). */
const OTHER_CATEGORIES = [
  "HARM_CATEGORY_UNSPECIFIED",
  "HARM_CATEGORY_IMAGE_HATE",
  "HARM_CATEGORY_IMAGE_DANGEROUS_CONTENT",
  "HARM_CATEGORY_IMAGE_HARASSMENT",
  "HARM_CATEGORY_IMAGE_SEXUALLY_EXPLICIT",
  "HARM_CATEGORY_JAILBREAK",
];

/** Throws INVALID_ARGUMENT for a category that is none, UNIMPLEMENTED for one that has no filter here. */
export function checkSafety({ safetySettings }: GenerateRequest): void {
  for (const { category = "" } of safetySettings) {
    if (OTHER_CATEGORIES.includes(category)) {
      throw notDone(`the harm category ${category}`);
    }
  }
  const unknown = safetySettings.find(
    ({ category = "" }) => !CATEGORIES.includes(category),
  );
  if (unknown !== undefined) {
    throw invalid(
      `Invalid value at 'safety_settings[0].category' (type.googleapis.com/google.cloud.aiplatform.v1.HarmCategory), "${unknown.category ?? ""}"`,
    );
  }
}

/** The rating for which the prompt is not answered: it has the mark `[block HARM_CATEGORY_…]`. */
export function blockOf(request: GenerateRequest): object | undefined {
  return ratingOf("block", request);
}

/** The rating for which the answer ends: the prompt has the mark `[stop HARM_CATEGORY_…]`. */
export function stopOf(request: GenerateRequest): object | undefined {
  return ratingOf("stop", request);
}

/** Not where the request switches the category's filter off. */
function ratingOf(
  mark: "block" | "stop",
  request: GenerateRequest,
): object | undefined {
  const text = textOf(request.contents);
  const category = CATEGORIES.find((name) =>
    text.includes(`[${mark} ${name}]`),
  );
  if (category === undefined) return undefined;
  const off = request.safetySettings.some(
    (setting) =>
      setting.category === category &&
      ["OFF", "BLOCK_NONE"].includes(setting.threshold ?? ""),
  );
  return off ? undefined : { category, probability: "HIGH", blocked: true };
}
