import { inspect } from "node:util";

const REDACTED = "[REDACTED]";

/** A secret that prints as `[REDACTED]` wherever it is shown; revealed only where it is sent. */
export class SecretValue {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Never for a log, a preview, an error or a file. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
