import { isUtf8 } from "node:buffer";
import { InputError } from "./errors.ts";

/** What of a file's bytes is no UTF-8 text, where, and what mends it. */
export interface NoText {
  /** Undefined: the whole file. */
  line?: number;
  what: string;
  hint: string;
}

/**
 * The text of a file that has to be UTF-8.
 * Throws InputError, with the line, where it is in another encoding or binary.
 */
export function decodeText(bytes: Buffer, file: string): string {
  const problem = findNoText(bytes, file);
  if (problem === undefined) return bytes.toString("utf8");
  const { line, what, hint } = problem;
  throw new InputError(
    line === undefined
      ? `${file} is ${what}`
      : `${file}:${String(line)}: ${what}`,
    { hint },
  );
}

/** The same for who tells it with other findings: undefined where it is text. */
export function findNoText(bytes: Buffer, file: string): NoText | undefined {
  const marks = bytes.subarray(0, 2).toString("hex");
  if (marks === "fffe" || marks === "feff") {
    return {
      what: "UTF-16, not UTF-8",
      hint: `Write it again: iconv -f UTF-16 -t UTF-8 ${file}`,
    };
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0) return locate(bytes, nul, "a NUL byte");
  if (isUtf8(bytes)) return undefined;
  const at = findInvalid(bytes);
  const byte = bytes.subarray(at, at + 1).toString("hex");
  return locate(bytes, at, `byte 0x${byte}, which is not UTF-8`);
}

/** Where the first byte stands that is in no character. */
function findInvalid(bytes: Buffer): number {
  let at = 0;
  for (const character of bytes.toString("utf8")) {
    const encoded = Buffer.from(character);
    // What cannot be decoded became U+FFFD.
    if (!encoded.equals(bytes.subarray(at, at + encoded.length))) return at;
    at += encoded.length;
  }
  return at;
}

function locate(bytes: Buffer, at: number, what: string): NoText {
  const line = bytes.subarray(0, at).toString("latin1").split("\n").length;
  return {
    line,
    what,
    hint: "Save the file as UTF-8 text, without what is no text.",
  };
}
