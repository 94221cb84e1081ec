import type { Context } from "hono";
import { GoogleError } from "../../core/google-error.ts";

/** What a request's preconditions are about: an object or a bucket. */
interface Versioned {
  generation?: string;
  metageneration: number;
}

/** Preconditions of a request, as its query has them. */
export interface Conditions {
  generationMatch: string | undefined;
  metagenerationMatch: string | undefined;
}

/** A precondition of a write that does not hold: the one answer with 412. */
class ConditionNotMet extends GoogleError {
  constructor() {
    super(
      "FAILED_PRECONDITION",
      "At least one of the pre-conditions you specified did not hold.",
    );
  }

  override get httpStatus(): number {
    return 412;
  }
}

/** `ifSource` is that of the object that is copied from. */
export function readConditions(
  c: Context,
  prefix: "if" | "ifSource" = "if",
): Conditions {
  return {
    generationMatch: c.req.query(`${prefix}GenerationMatch`),
    metagenerationMatch: c.req.query(`${prefix}MetagenerationMatch`),
  };
}

/** Throws ConditionNotMet. What is not there yet has the generation 0, and no metageneration that could match. */
export function requireConditions(
  { generationMatch, metagenerationMatch }: Conditions,
  found: Versioned | undefined,
): void {
  const { generation = "0", metageneration } = found ?? {};
  const wrong =
    (generationMatch !== undefined && generationMatch !== generation) ||
    (metagenerationMatch !== undefined &&
      metagenerationMatch !== String(metageneration));
  if (wrong) throw new ConditionNotMet();
}
