import envSchema from "../../../config/env.schema.json" with { type: "json" };
import { KEYS, type Key } from "./keys.ts";

/** A setting as config/env.schema.json describes it; JSON Schema, and what messages and documents need besides. */
export interface Property {
  description: string;
  type?: string;
  enum?: readonly string[];
  pattern?: string;
  default?: string;
  $ref?: string;
  /** For people: what a value looks like. */
  "x-expected"?: string;
  "x-minimum"?: number;
  "x-maximum"?: number;
  /** It is a parameter of the manifest, by the same name. */
  "x-parameter"?: true;
}

/** Names of the settings that stand in the file; keys' secrets come besides. */
export type SettingName = keyof typeof envSchema.properties;

const definitions: Record<
  string,
  Pick<Property, "x-expected">
> = envSchema.definitions;

const own: Record<string, Property> = envSchema.properties as Record<
  SettingName,
  Property
>;

/** Every setting of an env by its name, in the order of the documents. */
export const PROPERTIES: Readonly<Record<string, Property>> =
  Object.fromEntries(
    Object.entries(own).flatMap(([name, property]) =>
      name === "CONFIG_SECRET"
        ? [[name, property] as const, ...keySecrets()]
        : [[name, property] as const],
    ),
  );

/** Draft-07, for a validator. */
export const SCHEMA = { ...envSchema, properties: PROPERTIES };

/** What a value of a setting looks like; undefined: like any text. */
export function findExpected(property: Property): string | undefined {
  const definition = definitions[property.$ref?.split("/").at(-1) ?? ""];
  return (
    property.enum?.join(" or ") ??
    property["x-expected"] ??
    definition?.["x-expected"]
  );
}

/** What is wrong with a value by itself; undefined: nothing. */
export function findProblem(
  name: SettingName,
  value: string,
): string | undefined {
  const property = PROPERTIES[name];
  if (property === undefined) return undefined;
  const { enum: values, pattern = "" } = property;
  const fits = values?.includes(value) ?? new RegExp(pattern).test(value);
  if (fits) return undefined;
  return `${name}="${value}": expected ${findExpected(property) ?? "another value"}`;
}

/** `modelRegion` of MODEL_REGION. */
export type FieldOf<Name extends string> =
  Name extends `${infer First}_${infer Rest}`
    ? `${Lowercase<First>}${Capitalize<FieldOf<Rest>>}`
    : Lowercase<Name>;

export function toField<Name extends string>(name: Name): FieldOf<Name> {
  return name
    .toLowerCase()
    .replace(/_(.)/g, (_, letter: string) =>
      letter.toUpperCase(),
    ) as FieldOf<Name>;
}

/** The setting that names a key's secret. */
export function secretProperty({ phrase, secret }: Key): Property {
  return {
    description: `Secret that holds ${phrase}.`,
    $ref: "#/definitions/secretName",
    default: secret,
  };
}

function keySecrets(): [string, Property][] {
  return KEYS.map((key) => [key.setting, secretProperty(key)]);
}
