import type { Member } from "../../emulator/core/cloud.ts";
import { DEVELOPER, type Emulator } from "../../emulator/emulator.ts";

export interface RestAnswer {
  status: number;
  body: unknown;
  /** `error.message` and `error.status` of an error, empty otherwise. */
  message: string;
  code: string;
}

/** One request to the emulator's own address, as a client library with an endpoint of its own makes it. */
export async function callRest(
  emulator: Emulator,
  method: string,
  path: string,
  body?: unknown,
  options: { caller?: Member; headers?: Record<string, string> } = {},
): Promise<RestAnswer> {
  const token = emulator.cloud.newAccessToken(options.caller ?? DEVELOPER);
  const response = await fetch(`${emulator.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      ...options.headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  const { message = "", status = "" } =
    (answer as { error?: { message?: string; status?: string } }).error ?? {};
  return { status: response.status, body: answer, message, code: status };
}
