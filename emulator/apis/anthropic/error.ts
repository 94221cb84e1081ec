/** Anthropic's error types and their HTTP status (https://platform.claude.com/docs/en/api/errors). */
const STATUS = {
  invalid_request_error: 400,
  authentication_error: 401,
  not_found_error: 404,
  api_error: 501,
} as const;

/** An error in Anthropic's form, which Vertex AI passes on as it is. */
export class AnthropicError extends Error {
  readonly type: keyof typeof STATUS;

  constructor(type: keyof typeof STATUS, message: string) {
    super(message);
    this.type = type;
  }

  toResponse(): Response {
    const { type, message } = this;
    return Response.json(
      { type: "error", error: { type, message } },
      { status: STATUS[type] },
    );
  }
}

export function invalid(message: string): AnthropicError {
  return new AnthropicError("invalid_request_error", message);
}

/** What Anthropic has and the emulated one does not. */
export function notDone(what: string): AnthropicError {
  return new AnthropicError(
    "api_error",
    `The emulated Claude does not cover ${what}.`,
  );
}
