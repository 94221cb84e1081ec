/** Everything that can be wrong, by what mends it. hints.ts has a sentence for each. */
export type FailureKind =
  // nobody answered
  | "refused-connection"
  | "unknown-host"
  | "lost-connection"
  | "timeout"
  | "deadline"
  // Google's front end answered instead of LiteLLM
  | "invoker-refused"
  | "no-such-service"
  | "gone"
  | "no-instance"
  | "instance-broke"
  // LiteLLM answered for itself
  | "key-refused"
  | "not-refused"
  | "open-to-all"
  | "unknown-name"
  | "cooldown"
  | "gateway-overload"
  | "not-ready"
  | "other-config"
  | "bad-version"
  | "redis-unreachable"
  // Gemini, or another provider, answered LiteLLM with an error
  | "vertex-permission"
  | "api-disabled"
  | "no-credentials"
  | "model-not-found"
  | "gemini-key"
  | "provider-key"
  | "gemini-location"
  | "quota"
  | "model-overload"
  | "model-refused"
  | "not-implemented"
  | "model-unreachable"
  // an answer came, and it is wrong
  | "empty-answer"
  | "blocked-answer"
  | "damaged-text"
  | "cut-stream"
  | "no-tool-call"
  | "other-schema"
  | "other-deployment"
  | "unexpected";

/** What a hint may need to know of a failure. */
export interface FailureFacts {
  /** Which LiteLLM `provider/model` was asked. */
  model?: string;
  /** Where Google looked for the model. */
  location?: string;
  /** In whose project Google looked for it. */
  project?: string;
  /** What says where the Redis is: a variable. */
  redis?: string;
  /** Which API is not enabled. */
  api?: string;
  /** How long the server asked to wait. */
  retryAfterSeconds?: number;
}

/** Why a check failed; `message` says what was seen. */
export class CheckFailure extends Error {
  readonly kind: FailureKind;
  readonly facts: FailureFacts;

  constructor(kind: FailureKind, message: string, facts: FailureFacts = {}) {
    super(message);
    this.kind = kind;
    this.facts = facts;
  }
}
