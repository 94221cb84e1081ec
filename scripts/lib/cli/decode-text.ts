import { isUtf8 } from "node:buffer";
import { InputError } from "./errors.ts";

/**
 * The text of a file that has to be UTF-8.
 * Throws InputError, with the line, where it is in another encoding or binary.
 */
export function decodeText(bytes: Buffer, file: string): string {
  const marks = bytes.subarray(0, 2).toString("hex");
  if (marks === "fffe" || marks === "feff") {
    throw new InputError(`${file} is UTF-16, not UTF-8`, {
      hint: `Write it again: iconv -f UTF-16 -t UTF-8 ${file}`,
    });
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0) throw refuse(bytes, nul, file, "a NUL byte");
  if (!isUtf8(bytes)) {
    const at = findInvalid(bytes);
    const byte = bytes.subarray(at, at + 1).toString("hex");
    throw refuse(bytes, at, file, `byte 0x${byte}, which is not UTF-8`);
  }
  return bytes.toString("utf8");
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

function refuse(
  bytes: Buffer,
  at: number,
  file: string,
  what: string,
): InputError {
  const line = bytes.subarray(0, at).toString("latin1").split("\n").length;
  return new InputError(`${file}:${String(line)}: ${what}`, {
    hint: "Save the file as UTF-8 text, without what is no text.",
  });
}
