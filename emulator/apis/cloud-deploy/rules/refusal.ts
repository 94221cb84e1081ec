import { GoogleError } from "../../../core/google-error.ts";

export function refusal(text: string): GoogleError {
  return new GoogleError("INVALID_ARGUMENT", text);
}

/** The value of a field that must be there. Throws INVALID_ARGUMENT. */
export function required<T>(value: T | undefined, field: string): T {
  if (value !== undefined && value !== "") return value;
  throw refusal(`${field} is required`);
}
