import { Ajv, type ErrorObject } from "ajv";
import names from "../../../config/litellm.names.schema.json" with { type: "json" };
import schema from "../../../config/litellm.schema.json" with { type: "json" };
import { once } from "../cli/once.ts";
import { suggest } from "../cli/suggest.ts";
import { asMapping } from "./config-view.ts";
import { type Path, type Problem, formatPath } from "./finding.ts";
import { LITELLM_VERSION } from "./model-map.ts";

const KINDS: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  integer: "a whole number",
  null: "nothing",
  number: "a number",
  object: "a mapping",
  string: "a text",
};

/**
 * Compiled where a config is checked, or ahead of that: it is most of what a script
 * would load. Made for one short run: what makes later calls faster costs more than
 * it saves.
 */
export const compileSchemas = once(() =>
  new Ajv({
    allErrors: true,
    verbose: true,
    strict: false,
    validateSchema: false,
    loopEnum: 1,
    code: { optimize: false },
  })
    .addSchema(names)
    .compile(schema),
);

/** What config/litellm.schema.json refuses. The hints are its descriptions. */
export function checkSchema(value: unknown): Problem[] {
  const validate = compileSchemas();
  validate(value);
  return (validate.errors ?? []).flatMap((error) => {
    const problem = describe(error, toPath(error.instancePath, value));
    return problem === undefined ? [] : [problem];
  });
}

function describe(error: ErrorObject, path: Path): Problem | undefined {
  if (error.keyword === "propertyNames") return undefined;
  if (error.propertyName !== undefined) {
    return describeName(error.propertyName, path, allowedBy(error));
  }
  const name = formatPath(path) || "the file";
  const { missingProperty, additionalProperty } = asMapping(error.params);
  const problem = {
    severity: "error" as const,
    path,
    message: `${name}: ${describeMistake(error)}`,
    hint: describeHint(error),
  };
  if (error.keyword === "required") {
    const missing = [[...path, String(missingProperty)]];
    return { ...problem, at: "key", explains: missing, missing };
  }
  if (error.keyword === "additionalProperties") {
    const own = String(additionalProperty);
    const known = Object.keys(asMapping(error.parentSchema).properties ?? {});
    return { ...problem, ...describeSlip(own, path, known) };
  }
  return { ...problem, explains: [path] };
}

/** Where a name stands that is probably another one's, and what that one is. */
function describeSlip(
  name: string,
  path: Path,
  known: readonly string[],
): Pick<Problem, "path" | "at" | "explains"> & { hint?: string } {
  const near = suggest(name, known);
  const own = [...path, name];
  if (near === undefined) return { path: own, at: "key", explains: [own] };
  const hint = `Did you mean ${near}?`;
  return { path: own, at: "key", explains: [own, [...path, near]], hint };
}

/** LiteLLM ignores a name that it does not know; a newer version may know more. */
function describeName(
  name: string,
  path: Path,
  allowed: readonly string[],
): Problem {
  const place = path.length === 0 ? "the config" : formatPath(path);
  const slip = describeSlip(name, path, allowed);
  return {
    severity: slip.hint === undefined ? "warning" : "error",
    message: `LiteLLM ${LITELLM_VERSION} does not know ${name} in ${place}, and ignores it`,
    hint: "Remove it, unless the version that you deploy is newer and knows it.",
    ...slip,
  };
}

function describeMistake({
  keyword,
  params,
  data,
  message,
  parentSchema,
}: ErrorObject): string {
  const { missingProperty, additionalProperty, type, limit } =
    asMapping(params);
  switch (keyword) {
    case "required":
      return `${String(missingProperty)} is missing`;
    case "additionalProperties":
      return `${String(additionalProperty)} is not known here`;
    case "type":
      return `expected ${describeType(type)}, found ${describeValue(data)}`;
    case "pattern":
      return `expected ${describeType(asMapping(parentSchema).type, ["string"])} or os.environ/NAME, found another text`;
    case "enum":
      return `${String(data)} is not one of its values`;
    case "minimum":
      return `expected ${String(limit)} or more, found ${String(data)}`;
    case "exclusiveMinimum":
      return `expected more than ${String(limit)}, found ${String(data)}`;
    case "minLength":
      return "expected a text, found an empty one";
    case "minItems":
    case "minProperties":
      return "expected at least one, found none";
    case "maxProperties":
      return "expected one name, found more";
    default:
      return message ?? keyword;
  }
}

function describeHint(error: ErrorObject): string {
  if (error.keyword === "enum") {
    const allowed = allowedBy(error);
    const near = suggest(String(error.data), allowed);
    return near === undefined
      ? `One of: ${allowed.join(", ")}.`
      : `Did you mean ${near}?`;
  }
  const { description } = asMapping(error.parentSchema);
  return typeof description === "string"
    ? description
    : "Change the value, or remove the key.";
}

function describeType(type: unknown, but: readonly unknown[] = []): string {
  const types: unknown[] = Array.isArray(type) ? type : [type];
  const kinds = types
    .filter((kind) => kind !== "null" && !but.includes(kind))
    .map((kind) => KINDS[String(kind)] ?? String(kind));
  return kinds.join(" or ");
}

/** The kind only: the value may be a secret. */
function describeValue(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  // YAML 1.1 makes one of 2026-11-28.
  if (value instanceof Date) return "a date";
  return KINDS[typeof value] ?? typeof value;
}

function allowedBy(error: ErrorObject): string[] {
  const { allowedValues } = error.params as { allowedValues?: unknown };
  return Array.isArray(allowedValues) ? allowedValues.map(String) : [];
}

/** Of a JSON pointer, with numbers for positions in lists. */
function toPath(pointer: string, value: unknown): Path {
  let node = value;
  return pointer
    .split("/")
    .slice(1)
    .map((part) => {
      const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
      const parent = node;
      const key = Array.isArray(parent) ? Number(name) : name;
      node = Array.isArray(parent)
        ? (parent as unknown[])[Number(name)]
        : asMapping(parent)[name];
      return key;
    });
}
