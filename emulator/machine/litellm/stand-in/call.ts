/** What a call asks for; the rest of the body is passed on. */
export interface Call {
  model: string;
  stream?: boolean;
  disable_fallbacks?: boolean;
  [name: string]: unknown;
}

/** Of the reply to the client. */
export type ReplyHeaders = Record<string, string>;
