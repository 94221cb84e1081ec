import type { Context } from "hono";
import { GoogleError } from "./google-error.ts";

/** Parameters that every Google API takes; they change nothing here. */
const SYSTEM_PARAMETERS = [
  "$alt",
  "$prettyPrint",
  "$.xgafv",
  "access_token",
  "alt",
  "callback",
  "fields",
  "key",
  "oauth_token",
  "prettyPrint",
  "quotaUser",
  "uploadType",
  "upload_protocol",
];

/** Throws as Google does on a query parameter that the method does not have. */
export function requireKnownParameters(
  c: Context,
  known: readonly string[],
): void {
  for (const name of Object.keys(c.req.query())) {
    if (SYSTEM_PARAMETERS.includes(name) || known.includes(name)) continue;
    // `$alt=json;enum-encoding=int`, as Google's clients send it, is one parameter.
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`,
    );
  }
}

export interface Page<T> {
  items: T[];
  nextPageToken?: string;
}

/** The page that `pageSize` and `pageToken` ask for; `unasked` items where the client names no size. Throws INVALID_ARGUMENT on a token that is not ours. */
export function readPage<T>(
  c: Context,
  items: readonly T[],
  maximum: number,
  unasked = maximum,
): Page<T> {
  const size = Math.min(
    readPageSize(c.req.query("pageSize")) || unasked,
    maximum,
  );
  const start = readPageToken(c.req.query("pageToken"), items.length);
  const end = start + size;
  return {
    items: items.slice(start, end),
    ...(end < items.length && {
      nextPageToken: Buffer.from(`offset:${end}`).toString("base64url"),
    }),
  };
}

function readPageSize(text: string | undefined): number {
  if (text === undefined) return 0;
  if (!/^\d+$/.test(text)) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `Invalid value at 'page_size' (TYPE_INT32), "${text}"`,
    );
  }
  return Number(text);
}

function readPageToken(text: string | undefined, length: number): number {
  if (text === undefined || text === "") return 0;
  const decoded = Buffer.from(text, "base64url").toString();
  const offset = Number(/^offset:(\d+)$/.exec(decoded)?.[1] ?? "NaN");
  if (Number.isNaN(offset) || offset > length) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      "The provided page token is invalid.",
    );
  }
  return offset;
}
