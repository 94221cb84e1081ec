import {
  bool,
  oneOf,
  int64,
  list,
  map,
  message,
  string,
  type Type,
} from "../../core/message.ts";
import type { Schema } from "../model/make-value.ts";

/** Kept as it is: a value of a schema, or a number. */
const any: Type<unknown> = { read: (value) => value };

const TYPES = oneOf("type.googleapis.com/google.cloud.aiplatform.v1.Type", [
  "TYPE_UNSPECIFIED",
  "STRING",
  "NUMBER",
  "INTEGER",
  "BOOLEAN",
  "ARRAY",
  "OBJECT",
  "NULL",
]);

/** Google's parser takes the names of enum values in any case; its documents write `"type": "object"` too. */
export function anyCase<T>(of: Type<T>): Type<T> {
  return {
    read: (value, path, problems) =>
      of.read(
        typeof value === "string" ? value.toUpperCase() : value,
        path,
        problems,
      ),
  };
}

/** Google's `Schema`, which refuses what JSON Schema has besides. */
export const schema: Type<Schema> = {
  read: (value, path, problems) => SCHEMA_MESSAGE.read(value, path, problems),
};

export const SCHEMA: Record<string, Type<unknown>> = {
  type: anyCase(TYPES),
  format: string,
  title: string,
  description: string,
  nullable: bool,
  default: any,
  example: any,
  enum: list(string),
  items: schema,
  minItems: int64,
  maxItems: int64,
  properties: map(schema),
  propertyOrdering: list(string),
  required: list(string),
  minProperties: int64,
  maxProperties: int64,
  additionalProperties: any,
  minLength: int64,
  maxLength: int64,
  pattern: string,
  minimum: any,
  maximum: any,
  anyOf: list(schema),
  ref: string,
  defs: map(schema),
};

const SCHEMA_MESSAGE = message(SCHEMA);
