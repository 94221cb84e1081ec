import { type Call, openGate } from "../support/gate.ts";
import type { Write } from "./recording.ts";

export interface Recorder {
  /** In the order of the requests; those that were refused are not among them. */
  writes: Write[];
  /** The variables that send gcloud and the scripts to the emulator, by way of the recorder. */
  env: Record<string, string>;
  close: () => void;
}

/**
 * Stands between an emulator and those who use it as its `env` tells, and keeps
 * what they write. It needs nothing of the emulator but its address.
 */
export async function startRecorder(
  emulatorUrl: string,
  env: Record<string, string>,
): Promise<Recorder> {
  const writes: (Write | undefined)[] = [];
  const gate = await openGate(emulatorUrl, env, async (call, passOn) => {
    const place = call.isWrite ? writes.push(undefined) - 1 : undefined;
    const answer = await passOn();
    if (place !== undefined && answer.status < 300) {
      writes[place] = toWrite(call);
    }
    return answer;
  });
  return {
    get writes() {
      return writes.filter((write) => write !== undefined);
    },
    env: gate.env,
    close: gate.close,
  };
}

export function toWrite({ method, url, type = "", body }: Call): Write {
  if (body.length === 0) return { method, url };
  if (type.startsWith("application/json")) {
    return { method, url, type, json: JSON.parse(body.toString()) as unknown };
  }
  const text = body.toString();
  return Buffer.from(text).equals(body)
    ? { method, url, type, text }
    : { method, url, type, base64: body.toString("base64") };
}
