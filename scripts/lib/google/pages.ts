import type { ApiCall, ReadApi } from "./rest.ts";

/** A list of an API. */
export interface ListCall extends Pick<ApiCall, "api" | "region" | "path"> {
  /** The member of an answer that holds the items. */
  field: string;
  query?: Readonly<Record<string, string>>;
}

/** Reads a list to its end, page by page: Google shows some 50 at a time. */
export async function readPages<T>(
  read: ReadApi,
  { field, query = {}, path, ...call }: ListCall,
): Promise<T[]> {
  const found: T[] = [];
  let pageToken = "";
  do {
    const parameters = new URLSearchParams({
      ...query,
      ...(pageToken !== "" && { pageToken }),
    }).toString();
    const page = (await read({
      ...call,
      path: parameters === "" ? path : `${path}?${parameters}`,
    })) as ({ nextPageToken?: string } & Record<string, T[]>) | undefined;
    found.push(...(page?.[field] ?? []));
    pageToken = page?.nextPageToken ?? "";
  } while (pageToken !== "");
  return found;
}
