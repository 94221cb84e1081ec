import { makeValue, type Schema } from "./make-value.ts";

/** Whether the text asks for the tool: `call NAME` or `use NAME`. */
export function isAskedFor(name: string, text: string): boolean {
  return asksFor(text, name) >= 0;
}

/** The JSON that stands behind the name where the text asks for the tool; otherwise what fits the schema. */
export function argumentsFor(
  name: string,
  schema: Schema,
  text: string,
): Schema {
  const start = asksFor(text, name);
  const given = start < 0 ? undefined : readObject(text.slice(start));
  return given ?? (makeValue(schema, "rehearsed") as Schema);
}

/** Where the text has asked for the tool, -1 where it has not. */
function asksFor(text: string, name: string): number {
  const quoted = name.replace(/[.\\-]/g, String.raw`\$&`);
  const words = String.raw`\b(?:call|use)(?: the)?(?: function| tool)? ["'\`]?`;
  const found = new RegExp(`${words}${quoted}(?![\\w.:-]*\\w)`, "i").exec(text);
  return found === null ? -1 : found.index + found[0].length;
}

/** The JSON object that follows within a few characters, as in `call NAME with {"a": 1}`. */
function readObject(text: string): Schema | undefined {
  const start = text.slice(0, 40).indexOf("{");
  if (start < 0) return undefined;
  for (
    let end = text.indexOf("}", start);
    end >= 0;
    end = text.indexOf("}", end + 1)
  ) {
    try {
      return JSON.parse(text.slice(start, end + 1)) as Schema;
    } catch {
      // It goes on behind this brace.
    }
  }
  return undefined;
}
