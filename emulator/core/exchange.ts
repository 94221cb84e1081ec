/** One request that the emulator answered, for tests and logs. Bodies are text, as they went over the wire. */
export interface Exchange {
  /** `run.googleapis.com`; undefined where no emulated API took the request. */
  api: string | undefined;
  method: string;
  /** As the client named it, e.g. `us-central1-run.googleapis.com`. */
  host: string;
  /** With the query. */
  path: string;
  /** Whom the request was made as; undefined where it was refused before. */
  caller: string | undefined;
  status: number;
  requestBody: string;
  responseBody: string;
  milliseconds: number;
}

/** Takes an exchange. The client has the end of the answer only when this is done. */
export type Recorder = (exchange: Exchange) => void | Promise<void>;
