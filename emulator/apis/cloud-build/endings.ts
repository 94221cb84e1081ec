import type { FailureType } from "./state.ts";

/** Why a build failed. */
export class BuildFailure extends Error {
  readonly type: FailureType;

  constructor(type: FailureType, message: string) {
    super(message);
    this.type = type;
  }
}

/** Why a build was stopped. */
export class Stopped extends Error {
  readonly status: "CANCELLED" | "TIMEOUT";

  constructor(status: "CANCELLED" | "TIMEOUT") {
    super(status);
    this.status = status;
  }
}
