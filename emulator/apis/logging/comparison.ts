import { GoogleError } from "../../core/google-error.ts";
import { type LogRecord, SEVERITIES } from "../../core/log-record.ts";

export type Operator = "=" | "!=" | ":" | "=~" | "!~" | ">" | ">=" | "<" | "<=";

/** Whether a field of the entry stands in that relation to the value. Text is compared without regard to case. */
export function compare(
  record: LogRecord,
  path: string,
  operator: Operator,
  value: string,
): boolean {
  const found =
    path === "severity"
      ? (record.severity ?? "DEFAULT")
      : fieldOf(record, path.split("."));
  if (found === undefined) return operator === "!=" || operator === "!~";
  if (operator === ":" && value === "*") return true;
  const text = typeof found === "string" ? found : JSON.stringify(found);
  switch (operator) {
    case ":":
      return text.toLowerCase().includes(value.toLowerCase());
    case "=~":
      return toRegExp(value).test(text);
    case "!~":
      return !toRegExp(value).test(text);
    case "=":
      return order(path, text, value) === 0;
    case "!=":
      return order(path, text, value) !== 0;
    case ">":
      return order(path, text, value) > 0;
    case ">=":
      return order(path, text, value) >= 0;
    case "<":
      return order(path, text, value) < 0;
    case "<=":
      return order(path, text, value) <= 0;
  }
}

/** Whether the text is anywhere in the entry. */
export function searchText(value: unknown, text: string): boolean {
  if (typeof value === "object" && value !== null) {
    return Object.values(value).some((item) => searchText(item, text));
  }
  return String(value).toLowerCase().includes(text.toLowerCase());
}

/** Below, at or above 0, as the first is below, at or above the second; NaN where there is no order. */
function order(path: string, one: string, other: string): number {
  if (path === "severity") return severity(one) - severity(other);
  if (/^(receiveT|t)imestamp$/.test(path)) {
    return Date.parse(one) - Date.parse(other);
  }
  const numbers = [Number(one), Number(other)] as const;
  if (one !== "" && other !== "" && !numbers.some(Number.isNaN)) {
    return numbers[0] - numbers[1];
  }
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a === b ? 0 : a < b ? -1 : 1;
}

function severity(name: string): number {
  return SEVERITIES.findIndex((known) => known === name.toUpperCase());
}

function fieldOf(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (typeof value !== "object" || value === null) return undefined;
  return fieldOf((value as Record<string, unknown>)[name], rest);
}

function toRegExp(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `Unparseable filter: invalid regular expression '${pattern}'`,
    );
  }
}
