import type { Message } from "../../core/message.ts";
import type { PART } from "./fields.ts";
import { invalid, notDone } from "./request.ts";

export type Blob = NonNullable<Message<typeof PART>["inlineData"]>;

/** An image of up to 384 × 384 pixels (https://ai.google.dev/gemini-api/docs/tokens). */
export const IMAGE_TOKENS = 258;

/** How a file of each supported type begins (https://ai.google.dev/gemini-api/docs/image-understanding). */
const BEGINNINGS: Record<string, RegExp> = {
  "image/png": /^\x89PNG\r\n/,
  "image/jpeg": /^\xff\xd8\xff/,
  "image/webp": /^RIFF....WEBP/s,
  "image/heic": /^....ftyp(heic|heix|mif1)/s,
  "image/heif": /^....ftyp(mif1|msf1|heic)/s,
};

/** Throws INVALID_ARGUMENT for what is no image, UNIMPLEMENTED for audio, video and documents. */
export function checkImage({ mimeType = "", data }: Blob): void {
  if (/^(audio|video)\/|^application\/pdf$|^text\//.test(mimeType)) {
    throw notDone(`parts of the type ${mimeType}`);
  }
  const beginning = BEGINNINGS[mimeType];
  if (beginning === undefined) {
    throw invalid(`Unsupported MIME type: ${mimeType}`);
  }
  if (data === undefined || !beginning.test(data.toString("latin1"))) {
    throw invalid("Unable to process input image.");
  }
}

export function describeImage({ mimeType, data }: Blob): string {
  return `You sent ${mimeType ?? ""} of ${data?.length ?? 0} bytes.`;
}
