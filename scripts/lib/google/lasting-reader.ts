import { ApiError } from "./api-error.ts";
import { readGcloudContext } from "./context.ts";
import { type ReadApi, createApiReader } from "./rest.ts";

/** For reads that go on for hours: takes a new token when the old one has expired. */
export function createLastingReader(
  first: ReadApi,
  projectId: string,
): ReadApi {
  let read = first;
  return async (call) => {
    try {
      return await read(call);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) throw error;
      read = createApiReader(await readGcloudContext(), projectId);
      return read(call);
    }
  };
}
