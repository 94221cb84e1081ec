import { refusal } from "./refusal.ts";

/** Throws INVALID_ARGUMENT unless the text is a duration as Google's JSON writes it (`600s`) of that many seconds. */
export function requireSeconds(
  field: string,
  text: string | undefined,
  { from, to }: { from: number; to: number },
): void {
  if (text === undefined) return;
  const seconds = Number(/^(\d+(?:\.\d{1,9})?)s$/.exec(text)?.[1] ?? "NaN");
  if (Number.isNaN(seconds)) {
    throw refusal(
      `Invalid value at '${field}' (type.googleapis.com/google.protobuf.Duration), Field '${field}', Illegal duration format; duration must end with 's'`,
    );
  }
  if (seconds < from || seconds > to) {
    throw refusal(`${field} must be between ${from}s and ${to}s`);
  }
}
