import { randomUUID } from "node:crypto";
import type { Context } from "hono";
import { GoogleError } from "../../core/google-error.ts";
import {
  invalidArgument,
  parseJson,
  type Problem,
} from "../../core/json-problems.ts";
import type { Conditions } from "./conditions.ts";
import { OBJECT, type SentObject } from "./requests.ts";

/** An object as it came in one request. */
export interface Upload {
  sent: SentObject;
  content: Buffer;
}

/** An upload that comes in pieces. */
export interface UploadSession {
  id: string;
  bucket: string;
  sent: SentObject;
  conditions: Conditions;
  pieces: Buffer[];
}

/** `multipart/related`: the object's JSON, then its content. */
export async function readMultipart(c: Context): Promise<Upload> {
  const type = c.req.header("content-type") ?? "";
  // gcloud puts the boundary into single quotes.
  const [, boundary] = /boundary=["']?([^"';]+)["']?/.exec(type) ?? [];
  if (boundary === undefined) throw malformed();
  const body = Buffer.from(await c.req.arrayBuffer());
  const [json, content] = splitParts(body, boundary);
  if (json === undefined || content === undefined) throw malformed();
  const sent = readObject(json.body.toString());
  const contentType = sent.contentType ?? content.contentType;
  return {
    sent: { ...sent, ...(contentType !== undefined && { contentType }) },
    content: content.body,
  };
}

/** The object's JSON, from a body that is nothing else or empty. */
export function readObject(json: string): SentObject {
  const problems: Problem[] = [];
  const sent = OBJECT.read(parseJson(json), "", problems);
  if (sent === undefined || problems.length > 0) {
    throw invalidArgument(problems);
  }
  return sent;
}

export function newSession(
  bucket: string,
  sent: SentObject,
  conditions: Conditions,
): UploadSession {
  return { id: randomUUID(), bucket, sent, conditions, pieces: [] };
}

/**
 * Adds what a PUT carries (`Content-Range: bytes 0-99/300`, `bytes 0-99/*`, `bytes * /300` to ask). Resolves to the whole
 * content once it is there, else to the number of bytes so far. Throws INVALID_ARGUMENT for a piece out of order.
 */
export async function addPiece(
  c: Context,
  session: UploadSession,
): Promise<Buffer | number> {
  const body = Buffer.from(await c.req.arrayBuffer());
  const range = c.req.header("content-range");
  const size = () => session.pieces.reduce((sum, p) => sum + p.length, 0);
  const [, start, total] =
    /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(range ?? "") ?? [];
  if (range !== undefined && total === undefined) throw malformed();
  if (start !== undefined && Number(start) !== size()) throw malformed();
  if (range === undefined || start !== undefined) session.pieces.push(body);
  const whole = range === undefined || size() === Number(total);
  return whole ? Buffer.concat(session.pieces) : size();
}

interface Part {
  contentType: string | undefined;
  body: Buffer;
}

function splitParts(body: Buffer, boundary: string): Part[] {
  const mark = Buffer.from(`--${boundary}`);
  const parts: Part[] = [];
  let from = body.indexOf(mark);
  while (from >= 0) {
    const next = body.indexOf(mark, from + mark.length);
    if (next < 0) break;
    parts.push(toPart(body.subarray(from + mark.length, next)));
    from = next;
  }
  return parts;
}

/** Headers, an empty line, the body, an end of line. */
function toPart(bytes: Buffer): Part {
  const text = bytes.toString("latin1");
  const newline = text.startsWith("\r\n") ? "\r\n" : "\n";
  const head = text.indexOf(newline + newline);
  const headers = text.slice(0, head);
  return {
    contentType: /^content-type: *(.+?)\r?$/im.exec(headers)?.[1],
    body: bytes.subarray(
      head + 2 * newline.length,
      bytes.length - newline.length,
    ),
  };
}

function malformed(): GoogleError {
  return new GoogleError("INVALID_ARGUMENT", "Bad Request");
}
