import type { Exchange } from "../../emulator/core/exchange.ts";

/** A JSON schema as discovery documents write it. */
export interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  description?: string;
  enum?: string[];
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
}

type Schemas = Record<string, Schema>;

const FORMATS: Record<string, RegExp> = {
  int64: /^-?\d+$/,
  uint64: /^\d+$/,
  "google-datetime": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/,
  "google-duration": /^-?\d+(\.\d{1,9})?s$/,
  byte: /^[A-Za-z0-9+/_-]*={0,2}$/,
};

/** google/rpc/code.proto */
const STATUSES = [
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "UNAUTHENTICATED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
];

/** Where the value is not as the schema says: unknown and missing members, types, formats, enum values. */
export function checkValue(
  schemas: Schemas,
  schema: Schema,
  value: unknown,
  path: string,
): string[] {
  if (schema.$ref !== undefined) {
    const target = schemas[schema.$ref];
    if (target === undefined) return [`${path}: no schema ${schema.$ref}`];
    return checkValue(schemas, target, value, path);
  }
  switch (schema.type) {
    case "object":
      return checkObject(schemas, schema, value, path);
    case "array":
      return Array.isArray(value)
        ? value.flatMap((item: unknown, index) =>
            checkValue(schemas, schema.items ?? {}, item, `${path}[${index}]`),
          )
        : [wrongType(path, "array", value)];
    case "string":
      return checkString(schema, value, path);
    case "boolean":
      return typeof value === "boolean"
        ? []
        : [wrongType(path, "boolean", value)];
    case "integer":
      return Number.isInteger(value) ? [] : [wrongType(path, "integer", value)];
    case "number":
      return typeof value === "number"
        ? []
        : [wrongType(path, "number", value)];
    default:
      return [];
  }
}

/** An error as Google's JSON APIs write it (AIP-193). */
export function checkError(exchange: Exchange): string[] {
  const body = JSON.parse(exchange.responseBody) as {
    error?: Record<string, unknown>;
  };
  const { code, message, status, details = [], ...rest } = body.error ?? {};
  const untagged = (details as Record<string, unknown>[]).filter(
    (detail) => typeof detail["@type"] !== "string",
  );
  return [
    ...(code === exchange.status ? [] : [`error.code is ${String(code)}`]),
    ...(typeof message === "string" && message !== ""
      ? []
      : ["error.message is missing"]),
    ...(STATUSES.includes(String(status))
      ? []
      : [`error.status is ${String(status)}`]),
    ...untagged.map(() => "error.details has an element without @type"),
    ...Object.keys(rest).map((name) => `error.${name} is unknown`),
  ];
}

function checkObject(
  schemas: Schemas,
  schema: Schema,
  value: unknown,
  path: string,
): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [wrongType(path, "object", value)];
  }
  const { properties = {}, additionalProperties } = schema;
  const { "@type": tag, ...members } = value as Record<string, unknown>;
  const tagged =
    typeof tag === "string" ? schemas[nameOf(tag, schemas)] : undefined;
  if (tagged !== undefined) return checkObject(schemas, tagged, members, path);
  return [
    ...Object.entries(members).flatMap(([name, member]) => {
      const known = Object.hasOwn(properties, name)
        ? properties[name]
        : additionalProperties;
      return known === undefined
        ? [`${path}.${name}: unknown member`]
        : checkValue(schemas, known, member, `${path}.${name}`);
    }),
    ...Object.entries(properties)
      .filter(
        ([name, { description = "" }]) =>
          /^required[.:]/i.test(description) &&
          !Object.hasOwn(members, name) &&
          !isLeftOut(path, name),
      )
      .map(([name]) => `${path}.${name}: required member is missing`),
  ];
}

/** What Google itself leaves out: a revision template has no namespace, though the metadata of all resources share a schema. */
function isLeftOut(path: string, name: string): boolean {
  return path.endsWith(".template.metadata") && name === "namespace";
}

/** The schema of `type.googleapis.com/google.api.serviceusage.v1.EnableServiceResponse` is `EnableServiceResponse`. */
function nameOf(tag: string, schemas: Schemas): string {
  const full = tag.slice(tag.lastIndexOf("/") + 1);
  const short = full.slice(full.lastIndexOf(".") + 1);
  if (Object.hasOwn(schemas, short)) return short;
  return full
    .split(".")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("");
}

function checkString(schema: Schema, value: unknown, path: string): string[] {
  if (typeof value !== "string") return [wrongType(path, "string", value)];
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    return [`${path}: ${value} is none of ${schema.enum.join(", ")}`];
  }
  const form = FORMATS[schema.format ?? ""];
  return form === undefined || form.test(value)
    ? []
    : [`${path}: ${value} is no ${String(schema.format)}`];
}

function wrongType(path: string, type: string, value: unknown): string {
  return `${path}: expected ${type}, found ${JSON.stringify(value)}`;
}
