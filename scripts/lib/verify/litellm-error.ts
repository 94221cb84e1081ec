export interface LitellmError {
  message: string;
  type: string | undefined;
}

/**
 * The error in LiteLLM's (or its web framework's) form. Undefined for anything
 * else: Google's front end answers HTML, Google's APIs add a `status`.
 */
export function readLitellmError(json: unknown): LitellmError | undefined {
  if (!isRecord(json)) return undefined;
  const { error, detail } = json;
  if (isRecord(error)) {
    if ("status" in error || typeof error.message !== "string") {
      return undefined;
    }
    const type = error.type;
    return {
      message: error.message,
      type: typeof type === "string" ? type : undefined,
    };
  }
  const message = error ?? detail;
  if (message === undefined) return undefined;
  return {
    message: typeof message === "string" ? message : JSON.stringify(message),
    type: undefined,
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
