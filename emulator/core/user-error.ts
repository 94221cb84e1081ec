/** What the user can mend: printed without a stack, exit code 1. */
export class UserError extends Error {
  readonly exitCode = 1;
  /** How to mend it: one command or one sentence. */
  readonly hint: string | undefined;

  constructor(
    message: string,
    options: { hint?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.hint = options.hint;
  }
}
