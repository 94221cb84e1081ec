/** An HTTP answer that is not the one hoped for, from plain fetch or through the OpenAI SDK. */
export interface BadAnswer {
  status: number;
  headers?: Headers | undefined;
  /** The body as it came. */
  text: string;
  /** Undefined where the body is not JSON. */
  json: unknown;
}
