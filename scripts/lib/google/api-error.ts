import { UserError } from "../cli/errors.ts";

/** An answer of Google's that is an error. */
export class ApiError extends UserError {
  /** HTTP status. */
  readonly status: number;

  constructor(status: number, message: string, hint: string) {
    super(message, { hint });
    this.status = status;
  }
}
