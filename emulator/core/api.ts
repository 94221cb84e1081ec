import type { Hono } from "hono";
import type { Access } from "./access.ts";
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
  /** As in Google's "X has not been used in project …", e.g. `Cloud Run Admin API`. */
  readonly title: string;
  /** Hosts that reach it, e.g. `run.googleapis.com` and `us-central1-run.googleapis.com`. */
  readonly hosts: RegExp;
  /** Answers in projects that did not enable it too. */
  readonly alwaysEnabled?: true;
  /** Takes calls without an access token: its routes ask for a key, or for nothing. */
  readonly ownAuthentication?: true;
  /** Refuses projects without a billing account. */
  readonly needsBilling?: true;
  /** What its callers need; undefined where its routes ask for it themselves, or nobody is asked. */
  readonly access?: Access;
  readonly routes: Hono<ApiEnv>;
  /** Ends what the API started: processes, listeners. */
  readonly close?: () => Promise<void>;
}

/** The path element of an id with a custom verb, as in `secrets/S:addVersion`. Read it with `withoutVerb`. */
export function withVerb<Name extends string, Verb extends string>(
  name: Name,
  verb: Verb,
): `:${Name}{[^/]+:${Verb}}` {
  return `:${name}{[^/]+:${verb}}`;
}

/** `S` of the path element `S:addVersion`. */
export function withoutVerb(element: string): string {
  return element.slice(0, element.lastIndexOf(":"));
}
