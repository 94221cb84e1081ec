import type { Context } from "hono";
import { requireKnownParameters } from "../../core/query.ts";
import { toObject } from "./object.ts";
import type { Bucket } from "./state.ts";

/** The objects whose names begin with `prefix`; those with `delimiter` after it are folded into prefixes. */
export function listObjects(c: Context, bucket: Bucket): object {
  requireKnownParameters(c, [
    "delimiter",
    "includeFoldersAsPrefixes",
    "maxResults",
    "prefix",
    "projection",
    "softDeleted",
    "userProject",
    "versions",
  ]);
  const prefix = c.req.query("prefix") ?? "";
  const delimiter = c.req.query("delimiter") ?? "";
  const found = [...bucket.objects.values()]
    .filter(({ name }) => name.startsWith(prefix))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const folder = ({ name }: { name: string }): string | undefined => {
    if (delimiter === "") return undefined;
    const end = name.indexOf(delimiter, prefix.length);
    return end < 0 ? undefined : name.slice(0, end + delimiter.length);
  };
  const items = found
    .filter((one) => folder(one) === undefined)
    .map((one) => toObject(bucket, one));
  const prefixes = [...new Set(found.flatMap((one) => folder(one) ?? []))];
  return {
    kind: "storage#objects",
    ...(items.length > 0 && { items }),
    ...(prefixes.length > 0 && { prefixes }),
  };
}
