/** What the operator can mend: printed without a stack, exit code 1. */
export class UserError extends Error {
  readonly exitCode: number = 1;
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

/** Somebody else was at the same thing: what this run did may not hold. */
export class ConflictError extends UserError {}

/** Wrong usage or invalid input, found before anything changed: exit code 2. */
export class InputError extends UserError {
  override readonly exitCode = 2;
}

/** The operator pressed Ctrl-C at a question: exit code 130, as a shell has it. */
export class InterruptedError extends UserError {
  override readonly exitCode = 130;
}
