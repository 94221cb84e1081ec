import { posix } from "node:path";
import { gunzipSync } from "node:zlib";
import { RenderError } from "./render-error.ts";

const BLOCK = 512;

/** Regular files of a source archive, by path without a leading `./`. */
export type SourceFiles = ReadonlyMap<string, Buffer>;

/** Unpacks a .tgz. Throws RenderError on anything else. */
export function unpackArchive(url: string, archive: Buffer): SourceFiles {
  try {
    return readTar(gunzipSync(archive));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RenderError(`failed to unarchive "${url}": ${reason}`);
  }
}

/** The POSIX form, with long names as Python (pax) and GNU tar write them. */
function readTar(tar: Buffer): SourceFiles {
  const files = new Map<string, Buffer>();
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= tar.length;) {
    const header = tar.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const size = parseInt(readText(header, 124, 12).trim() || "0", 8);
    if (Number.isNaN(size)) throw new Error("invalid tar header");
    const content = tar.subarray(at + BLOCK, at + BLOCK + size);
    const type = readText(header, 156, 1);
    if (type === "x") longName = readPaxPath(content) ?? longName;
    else if (type === "L") longName = readText(content, 0, size);
    else {
      if (type === "" || type === "0") {
        files.set(posix.normalize(longName ?? readName(header)), content);
      }
      longName = undefined;
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

function readName(header: Buffer): string {
  const name = readText(header, 0, 100);
  const prefix = readText(header, 345, 155);
  const isPosix = readText(header, 257, 5) === "ustar" && prefix !== "";
  return isPosix ? `${prefix}/${name}` : name;
}

/** `path` of records such as `30 path=a/long/name`. */
function readPaxPath(content: Buffer): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(content.toString())?.[1];
}

/** Up to the first zero byte. */
function readText(buffer: Buffer, start: number, length: number): string {
  const field = buffer.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.subarray(0, end === -1 ? length : end).toString();
}
