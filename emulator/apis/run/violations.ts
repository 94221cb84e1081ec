import { GoogleError } from "../../core/google-error.ts";

/** What is wrong with a resource, field by field. */
export class Violations {
  readonly #found: { field: string; description: string }[] = [];

  add(field: string, description: string): void {
    this.#found.push({ field, description });
  }

  /** Throws INVALID_ARGUMENT with all of them, in the form that Cloud Run answers. */
  throwIfAny(): void {
    if (this.#found.length === 0) return;
    throw new GoogleError(
      "INVALID_ARGUMENT",
      this.#found
        .map(({ field, description }) => `${field}: ${description}`)
        .join("\n"),
      [
        {
          "@type": "type.googleapis.com/google.rpc.BadRequest",
          fieldViolations: this.#found,
        },
      ],
    );
  }
}
