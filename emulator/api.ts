import type { Hono } from "hono";
import type { Member } from "./cloud.ts";

/** What the proxy sets on every request before an API's routes see it. */
export interface ApiEnv {
  Variables: {
    /** Whom the bearer token stands for. */
    caller: Member;
  };
}

/** One emulated Google API. */
export interface Api {
  /** The name that Service Usage knows it by, e.g. `run.googleapis.com`. */
  readonly service: string;
  /** Hosts that reach it, e.g. `run.googleapis.com` and `us-central1-run.googleapis.com`. */
  readonly hosts: RegExp;
  readonly routes: Hono<ApiEnv>;
}
