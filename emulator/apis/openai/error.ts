/** An error in OpenAI's form (https://platform.openai.com/docs/guides/error-codes). */
export class OpenAiError extends Error {
  readonly status: 400 | 401 | 404 | 501;
  readonly code: string | undefined;
  readonly param: string | undefined;

  constructor(
    status: OpenAiError["status"],
    message: string,
    { code, param }: { code?: string; param?: string } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.param = param;
  }

  toResponse(): Response {
    const { status, message, code = null, param = null } = this;
    const type = "invalid_request_error";
    return Response.json({ error: { message, type, param, code } }, { status });
  }
}

export function invalid(param: string, message: string): OpenAiError {
  return new OpenAiError(400, message, { param });
}

/** What OpenAI has and the emulated one does not. */
export function notDone(what: string): OpenAiError {
  return new OpenAiError(501, `The emulated OpenAI does not cover ${what}.`);
}
