import { code, formatTable, toProse } from "./table.ts";

/** What the page needs of config/env.schema.json; a member that it does not know is left aside. */
export interface Schema {
  required: readonly string[];
  properties: Record<string, Setting>;
  definitions?: Record<string, Partial<Setting>>;
}

interface Setting {
  description: string;
  default?: string;
  enum?: readonly string[];
  $ref?: string;
  "x-expected"?: string;
  "x-minimum"?: number;
  "x-maximum"?: number;
}

/** A row a setting: name, default, what is allowed, what it decides. */
export function formatSettings(schema: Schema): string {
  const rows = Object.entries(schema.properties).map(([name, setting]) => [
    code(name),
    formatDefault(setting, schema.required.includes(name)),
    formatValues({ ...resolve(setting, schema), ...setting }),
    toProse(setting.description),
  ]);
  return formatTable(["setting", "default", "values", "what it decides"], rows);
}

function formatDefault(setting: Setting, isRequired: boolean): string {
  if (setting.default === "") return "empty";
  if (setting.default !== undefined) return code(setting.default);
  return isRequired ? "none (required)" : "none";
}

function formatValues(setting: Setting): string {
  if (setting.enum !== undefined) return setting.enum.map(code).join(", ");
  const { "x-minimum": minimum, "x-maximum": maximum } = setting;
  const range = [
    ...(minimum === undefined ? [] : [`from ${String(minimum)}`]),
    ...(maximum === undefined ? [] : [`to ${String(maximum)}`]),
  ].join(" ");
  return [toProse(setting["x-expected"] ?? "text"), range]
    .filter(Boolean)
    .join(", ");
}

/** What `#/definitions/NAME` says. */
function resolve({ $ref }: Setting, schema: Schema): Partial<Setting> {
  return schema.definitions?.[$ref?.split("/").at(-1) ?? ""] ?? {};
}
