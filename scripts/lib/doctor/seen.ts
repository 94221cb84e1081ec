import { UserError } from "../cli/errors.ts";

/** What a reading gave, or why it gave nothing. */
export type Seen<T> = { value: T } | { reason: UserError };

/** A reading that fails by itself, so that the others go on. A bug is thrown. */
export async function look<T>(reading: Promise<T>): Promise<Seen<T>> {
  try {
    return { value: await reading };
  } catch (error) {
    if (error instanceof UserError) return { reason: error };
    throw error;
  }
}

/** Undefined where it was not seen. */
export function valueOf<T>(seen: Seen<T>): T | undefined {
  return "value" in seen ? seen.value : undefined;
}
