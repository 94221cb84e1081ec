import { setTimeout } from "node:timers/promises";
import { UserError } from "../cli/errors.ts";
import { ApiError } from "./api-error.ts";
import { readGcloudContext } from "./context.ts";
import { type ReadApi, createApiReader } from "./rest.ts";

/** Failures in a row that may pass. */
const MOST_FAILURES = 5;

/**
 * For reads that go on for hours: takes a new token when the old one has
 * expired, and bears what passes (Google's own errors, the network's).
 */
export function createLastingReader(
  first: ReadApi,
  projectId: string,
): ReadApi {
  let read = first;
  return async (call) => {
    for (let failures = 1; ; failures += 1) {
      try {
        return await read(call);
      } catch (error) {
        if (failures > MOST_FAILURES || !mayPass(error)) throw error;
        if (error instanceof ApiError && error.status === 401) {
          read = createApiReader(await readGcloudContext(), projectId);
        } else {
          await setTimeout(2000 * failures);
        }
      }
    }
  };
}

function mayPass(error: unknown): boolean {
  if (error instanceof ApiError) {
    return error.status === 401 || error.status === 429 || error.status >= 500;
  }
  // No answer at all.
  return error instanceof UserError;
}
