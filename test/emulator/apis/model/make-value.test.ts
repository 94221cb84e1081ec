import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { makeValue } from "../../../../emulator/apis/model/make-value.ts";

const ajv = new Ajv2020({ strict: false, validateFormats: false });

it.each([
  { type: "string" },
  { type: "string", minLength: 30 },
  { type: "string", maxLength: 3 },
  { type: "integer", minimum: 7, maximum: 9 },
  { type: "number", exclusiveMinimum: 3 },
  { type: "number", maximum: -2 },
  { type: "integer", exclusiveMaximum: 0 },
  { type: "integer", minimum: -5, maximum: 5 },
  { enum: ["red", "green"] },
  { const: 5 },
  { type: ["null", "string"] },
  { anyOf: [{ type: "boolean" }, { type: "null" }] },
  { type: "array", items: { type: "integer" }, minItems: 3 },
  { type: "array", maxItems: 0 },
  { type: "array", prefixItems: [{ type: "string" }, { type: "boolean" }] },
  {
    type: "object",
    properties: {
      city: { type: "string" },
      place: { $ref: "#/$defs/place" },
      more: { type: "object", properties: { a: { type: "null" } } },
    },
    required: ["city", "place"],
    additionalProperties: false,
    $defs: {
      place: {
        type: "object",
        properties: { x: { type: "number" } },
        required: ["x"],
      },
    },
  },
])("fits %j", (schema) => {
  const value = makeValue(schema, "rehearsed");
  expect(ajv.validate(schema, value), JSON.stringify(value)).toBe(true);
});

it("fits Google's own schemas, in their order", () => {
  const schema = {
    type: "OBJECT",
    properties: { b: { type: "STRING" }, a: { type: "INTEGER" } },
    propertyOrdering: ["b", "a"],
    required: ["a", "b"],
  };
  expect(JSON.stringify(makeValue(schema, "x"))).toBe('{"b":"x","a":1}');
});

it("is 1 where the limits allow it", () => {
  // zod's integers have the limits of JavaScript's.
  const minimum = Number.MIN_SAFE_INTEGER;
  expect(makeValue({ type: "integer", minimum }, "x")).toBe(1);
});

it("ignores how google-genai for Python spells the order", () => {
  const schema = {
    type: "OBJECT",
    properties: { a: { type: "INTEGER" } },
    property_ordering: ["a"],
  };
  expect(makeValue(schema, "x")).toEqual({ a: 1 });
});

it.each([
  [{ type: "string", pattern: "^a+$" }, "the keyword pattern of a schema"],
  [{ allOf: [{ type: "string" }] }, "the keyword allOf of a schema"],
  [{ $ref: "#/$defs/none" }, "the reference #/$defs/none of a schema"],
  [{ $ref: "#" }, "a schema that does not end"],
])("says that it does not do %j", (schema, what) => {
  expect(() => makeValue(schema, "x")).toThrow(
    `The emulated model does not cover ${what}.`,
  );
});
