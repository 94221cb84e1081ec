import type { Model } from "./models.ts";
import { argumentsFor, isAskedFor } from "../model/asked-tools.ts";
import type { Schema } from "../model/make-value.ts";
import {
  type FunctionDeclaration,
  invalid,
  type Part,
  type Prompt,
} from "./request.ts";
import { signatureOf } from "./signature.ts";

/** The words of Google's own refusal. */
const NAME = /^[A-Za-z_][\w.:-]{0,63}$/;

/** Throws INVALID_ARGUMENT for declarations and a configuration that Google refuses. */
export function checkFunctions(prompt: Prompt): void {
  const declared = declarationsOf(prompt);
  for (const [index, { name = "" }] of declared.entries()) {
    if (NAME.test(name)) continue;
    throw invalid(
      `* GenerateContentRequest.tools[0].function_declarations[${index}].name: Invalid function name. Must start with a letter or an underscore. Must be alphameric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.\n`,
    );
  }
  const names = declared.map(({ name = "" }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw invalid(`Duplicate function declaration found: ${twice}`);
  }
  const { mode = "AUTO", allowedFunctionNames = [] } = configOf(prompt);
  if (allowedFunctionNames.length > 0 && !["ANY", "VALIDATED"].includes(mode)) {
    throw invalid(
      "Unable to submit request because allowed_function_names is set and the function calling mode is not ANY. Update it and try again.",
    );
  }
  const unknown = allowedFunctionNames.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw invalid(
      `Unable to submit request because the allowed function name ${unknown} is not declared. Update it and try again.`,
    );
  }
  if (mode === "ANY" && names.length === 0) {
    throw invalid(
      "Unable to submit request because the function calling mode is ANY and no function is declared. Update it and try again.",
    );
  }
}

/**
 * The calls that the emulated model makes: of the functions that the last turn asks for
 * (`call NAME` or `use NAME`, with arguments as JSON behind it or made to fit), and where a call is forced, at least of the first one.
 */
export function callFunctions(model: Model, prompt: Prompt): Part[] {
  const { mode = "AUTO", allowedFunctionNames = [] } = configOf(prompt);
  if (mode === "NONE") return [];
  const candidates = declarationsOf(prompt).filter(
    ({ name = "" }) =>
      allowedFunctionNames.length === 0 || allowedFunctionNames.includes(name),
  );
  const text = lastText(prompt);
  const asked = candidates.filter(({ name = "" }) => isAskedFor(name, text));
  const called =
    asked.length === 0 && mode === "ANY" ? candidates.slice(0, 1) : asked;
  return called.map((declaration, index) => {
    const { name = "" } = declaration;
    const args = argumentsOf(declaration, text);
    if (model.version < 3) return { functionCall: { name, args } };
    const id = `call_${index}_${name}`.slice(0, 40);
    return {
      functionCall: { id, name, args },
      // The first of parallel calls has it, the others have none.
      ...(index === 0 && { thoughtSignature: signatureOf(name) }),
    };
  });
}

function declarationsOf({ tools = [] }: Prompt): FunctionDeclaration[] {
  return tools.flatMap((tool) => tool.functionDeclarations ?? []);
}

function configOf({ toolConfig }: Prompt) {
  return toolConfig?.functionCallingConfig ?? {};
}

function lastText({ contents }: Prompt): string {
  const parts = contents.at(-1)?.parts ?? [];
  return parts.flatMap((part) => part.text ?? []).join("\n");
}

function argumentsOf(declaration: FunctionDeclaration, text: string): Schema {
  const { name = "", parameters, parametersJsonSchema } = declaration;
  const schema = parameters ?? parametersJsonSchema;
  return schema === undefined ? {} : argumentsFor(name, schema, text);
}
