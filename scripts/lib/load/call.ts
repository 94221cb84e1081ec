import type { FailureKind } from "../verify/failure.ts";

/** Why a call was not answered. */
export interface Failure {
  kind: FailureKind;
  /** HTTP; undefined where no answer came. */
  status?: number | undefined;
  /** LiteLLM's or Cloud Run's own, without keys. */
  words: string;
}

/** One call; times are milliseconds since the run began. */
export interface Call {
  /** When it was to start: its place in the schedule of --rate, otherwise when it did. */
  due: number;
  started: number;
  /** A stream's first token, a whole answer's first byte; undefined where none came. */
  first?: number | undefined;
  ended: number;
  failure?: Failure | undefined;
}

/** What sending one call showed; `started` and `first` by the clock of the run. */
export type Sent = Pick<Call, "started" | "first" | "failure">;
