import {
  type Property,
  PROPERTIES,
  SCHEMA,
  findExpected,
} from "../../scripts/lib/settings/schema.ts";
import { code, formatTable, toProse } from "./table.ts";

/** A row a setting: name, default, what is allowed, what it decides. */
export function formatSettings(
  properties: Readonly<Record<string, Property>> = PROPERTIES,
  required: readonly string[] = SCHEMA.required,
): string {
  const rows = Object.entries(properties).map(([name, property]) => [
    code(name),
    formatDefault(property, required.includes(name)),
    formatValues(property),
    toProse(property.description),
  ]);
  return formatTable(["setting", "default", "values", "what it decides"], rows);
}

function formatDefault(property: Property, isRequired: boolean): string {
  if (property.default === "") return "empty";
  if (property.default !== undefined) return code(property.default);
  return isRequired ? "none (required)" : "none";
}

function formatValues(property: Property): string {
  if (property.enum !== undefined) return property.enum.map(code).join(", ");
  const { "x-minimum": minimum, "x-maximum": maximum } = property;
  const range = [
    ...(minimum === undefined ? [] : [`from ${String(minimum)}`]),
    ...(maximum === undefined ? [] : [`to ${String(maximum)}`]),
  ].join(" ");
  return [toProse(findExpected(property) ?? "text"), range]
    .filter(Boolean)
    .join(", ");
}
