/** Google's canonical error codes (google/rpc/code.proto) that the emulator uses, with their HTTP status. */
const HTTP_STATUS = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ABORTED: 409,
  ALREADY_EXISTS: 409,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
} as const;

export type GoogleStatus = keyof typeof HTTP_STATUS;

/** One element of `error.details`, tagged with its protobuf type. */
export type ErrorDetail = { "@type": string } & Record<string, unknown>;

/** An error that a Google API answers with; thrown anywhere below a route. */
export class GoogleError extends Error {
  readonly status: GoogleStatus;
  readonly details: ErrorDetail[];

  constructor(
    status: GoogleStatus,
    message: string,
    details: ErrorDetail[] = [],
  ) {
    super(message);
    this.status = status;
    this.details = details;
  }

  get httpStatus(): number {
    return HTTP_STATUS[this.status];
  }

  /** The body in the form of Google's JSON errors (AIP-193). */
  toBody(): object {
    return {
      error: {
        code: this.httpStatus,
        message: this.message,
        status: this.status,
        ...(this.details.length > 0 && { details: this.details }),
      },
    };
  }
}
