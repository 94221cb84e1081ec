import { isSignature } from "./signature.ts";
import type { Model } from "./models.ts";
import { checkImage } from "./image.ts";
import { type Content, invalid, type Part, type Prompt } from "./request.ts";

/** The fields of a part that are its data: one of them, no more. */
const DATA = [
  "text",
  "inlineData",
  "functionCall",
  "functionResponse",
] as const;

const ROLES = "Please use a valid role: user, model.";

/** Vertex AI wants one in each turn, the Gemini API takes none for the user's (BerriAI/litellm, issue 32731). */
export function requireRoles({ contents }: Prompt): void {
  if (contents.every(({ role }) => role !== undefined)) return;
  throw invalid(ROLES);
}

/** Roles, parts, images, and how calls and their responses follow one another. Throws INVALID_ARGUMENT. */
export function checkTurns(model: Model, prompt: Prompt): void {
  const { contents } = prompt;
  for (const [index, content] of contents.entries()) {
    const { role = "user", parts = [] } = content;
    if (!["user", "model", "function"].includes(role)) {
      throw invalid(ROLES);
    }
    if (parts.length === 0) {
      throw invalid(
        "Unable to submit request because it must include at least one parts field, which describes the prompt input. Learn more: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/gemini",
      );
    }
    for (const [at, part] of parts.entries()) {
      checkPart(part, `contents[${index}].parts[${at}]`);
    }
  }
  for (const part of prompt.systemInstruction?.parts ?? []) {
    checkPart(part, "system_instruction.parts[0]");
  }
  checkResponses(contents);
  if (model.version >= 3) checkSignatures(contents);
}

function checkPart(part: Part, path: string): void {
  const set = DATA.filter((name) => part[name] !== undefined);
  if (set.length !== 1) {
    throw invalid(
      `* GenerateContentRequest.${path}.data: required oneof field 'data' must have one initialized field\n`,
    );
  }
  if (part.inlineData !== undefined) checkImage(part.inlineData);
}

/** As many responses as calls, in the turn that follows. */
function checkResponses(contents: Content[]): void {
  for (const [index, content] of contents.entries()) {
    const calls = count(content, "functionCall");
    const next = contents[index + 1];
    if (calls === 0 || next === undefined) continue;
    if (count(next, "functionResponse") !== calls) {
      throw invalid(
        "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.",
      );
    }
  }
}

/**
 * From Gemini 3 on each step of the current turn has a signature at its first call
 * (https://ai.google.dev/gemini-api/docs/thought-signatures). The turn begins with what the user wrote last.
 */
function checkSignatures(contents: Content[]): void {
  const start = contents.findLastIndex(
    (content) =>
      content.role !== "model" && count(content, "functionResponse") === 0,
  );
  for (const [index, content] of contents.entries()) {
    if (index <= start) continue;
    const first = content.parts?.find((part) => part.functionCall);
    if (first === undefined) continue;
    const { thoughtSignature } = first;
    if (thoughtSignature === undefined || thoughtSignature === "") {
      throw invalid(
        `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${first.functionCall?.name ?? ""}\` , position ${index + 1}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.`,
      );
    }
    if (!isSignature(thoughtSignature)) {
      throw invalid("Corrupted thought signature.");
    }
  }
}

function count(
  { parts = [] }: Content,
  name: "functionCall" | "functionResponse",
): number {
  return parts.filter((part) => part[name] !== undefined).length;
}
