import { GoogleError } from "../../core/google-error.ts";

/** A schema of a value: Google's own (a subset of OpenAPI 3.0) or a JSON Schema. */
export type Schema = Record<string, unknown>;

/**
 * Keywords that a value does not depend on, or that `make` and the functions below it see to.
 * `property_ordering`: google-genai for Python writes it so into Google's own schema, which LiteLLM 1.108 hands on as a JSON Schema; of
 * those "the model ignores unsupported properties" (https://ai.google.dev/gemini-api/docs/structured-output, "Limitations").
 */
const KEYWORDS = new Set(
  [
    "$schema $id $comment $defs $ref additionalProperties anyOf const default",
    "definitions defs deprecated description enum example examples",
    "exclusiveMaximum exclusiveMinimum format items maximum maxItems maxLength",
    "minimum minItems minLength nullable oneOf prefixItems properties",
    "propertyOrdering property_ordering readOnly ref required title type writeOnly",
  ].flatMap((line) => line.split(" ")),
);

/** What strings of a format look like; the other formats constrain no string. */
const FORMATS: Record<string, string> = {
  date: "2026-01-31",
  "date-time": "2026-01-31T12:00:00Z",
  time: "12:00:00Z",
  duration: "P1D",
  email: "someone@example.com",
  hostname: "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  uri: "https://example.com/",
  uuid: "00000000-0000-4000-8000-000000000000",
};

/** Schemas may refer to themselves; a value of one that must do so would never end. */
const DEEPEST = 20;

/**
 * A value that fits the schema, the same every time; its strings are the text where nothing else is asked for.
 * Throws UNIMPLEMENTED for a keyword that it would have to ignore.
 */
export function makeValue(schema: Schema, text: string): unknown {
  return make(schema, { root: schema, text, depth: 0 });
}

interface Place {
  /** Where references begin. */
  root: Schema;
  text: string;
  depth: number;
}

function make(schema: Schema, place: Place): unknown {
  if (place.depth > DEEPEST) {
    throw notDone("a schema that does not end");
  }
  const keyword = Object.keys(schema).find((name) => !KEYWORDS.has(name));
  if (keyword !== undefined)
    throw notDone(`the keyword ${keyword} of a schema`);
  const reference = schema.$ref ?? schema.ref;
  if (typeof reference === "string") {
    return make(resolve(reference, place.root), deeper(place));
  }
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0] as unknown;
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) {
    return make(choices[0] as Schema, deeper(place));
  }
  switch (typeOf(schema)) {
    case "object":
      return makeObject(schema, place);
    case "array":
      return makeArray(schema, place);
    case "integer":
    case "number":
      return makeNumber(schema);
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return makeString(schema, place.text);
  }
}

/** Of several types the first. In lower case, as JSON Schema writes them. */
function typeOf(schema: Schema): string {
  const [type] = [schema.type].flat();
  if (typeof type === "string") return type.toLowerCase();
  if (schema.properties !== undefined) return "object";
  return schema.items === undefined ? "string" : "array";
}

/** What is required; all of it where nothing is. */
function makeObject(schema: Schema, place: Place): Schema {
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  const required = (schema.required ?? []) as string[];
  const ordering = (schema.propertyOrdering ?? []) as string[];
  const names = required.length > 0 ? required : Object.keys(properties);
  const ordered = [...new Set([...ordering, ...names])].filter((name) =>
    names.includes(name),
  );
  return Object.fromEntries(
    ordered.map((name) => [name, make(properties[name] ?? {}, deeper(place))]),
  );
}

function makeArray(schema: Schema, place: Place): unknown[] {
  const fixed = (schema.prefixItems ?? []) as Schema[];
  const most = Number(schema.maxItems ?? Infinity);
  const least = Number(schema.minItems ?? 1);
  const length = Math.min(Math.max(least, fixed.length), most);
  const items = (schema.items ?? {}) as Schema;
  return Array.from({ length }, (_, index) =>
    make(fixed[index] ?? items, deeper(place)),
  );
}

/** 1 where the limits allow it, otherwise the whole number of the nearer limit. */
function makeNumber(schema: Schema): number {
  const least = Math.max(
    Math.ceil(numberOf(schema.minimum, -Infinity)),
    Math.floor(numberOf(schema.exclusiveMinimum, -Infinity)) + 1,
  );
  const most = Math.min(
    Math.floor(numberOf(schema.maximum, Infinity)),
    Math.ceil(numberOf(schema.exclusiveMaximum, Infinity)) - 1,
  );
  return Math.min(Math.max(1, least), most);
}

function numberOf(limit: unknown, otherwise: number): number {
  return typeof limit === "number" ? limit : otherwise;
}

function makeString(schema: Schema, text: string): string {
  const formatted = FORMATS[String(schema.format)];
  if (formatted !== undefined) return formatted;
  const most = Number(schema.maxLength ?? Infinity);
  const least = Number(schema.minLength ?? 0);
  return Array.from(text.padEnd(least, ".")).slice(0, most).join("");
}

/** `#/$defs/Pet` in the schema that it stands in. */
function resolve(reference: string, root: Schema): Schema {
  let found: unknown = root;
  for (const name of reference.replace(/^#\/?/, "").split("/")) {
    if (name !== "") found = (found as Schema | undefined)?.[name];
  }
  if (typeof found === "object" && found !== null) return found as Schema;
  throw notDone(`the reference ${reference} of a schema`);
}

function deeper(place: Place): Place {
  return { ...place, depth: place.depth + 1 };
}

function notDone(what: string): GoogleError {
  return new GoogleError(
    "UNIMPLEMENTED",
    `The emulated model does not cover ${what}.`,
  );
}
