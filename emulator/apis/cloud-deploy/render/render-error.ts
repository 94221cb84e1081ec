import type { RenderFailure } from "../state.ts";

/** Why a render failed, in the words of the tool that failed. */
export class RenderError extends Error {
  readonly failureCause: RenderFailure;

  constructor(
    message: string,
    failureCause: RenderFailure = "EXECUTION_FAILED",
  ) {
    super(message);
    this.failureCause = failureCause;
  }
}
