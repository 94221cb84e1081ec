import type { Context } from "hono";
import { parseFilter } from "../../core/filter.ts";
import { GoogleError } from "../../core/google-error.ts";
import { readPage, requireKnownParameters } from "../../core/query.ts";

/** The discovery document: "If unspecified, at most 50 … will be returned", the maximum is 1000. */
const USUAL_PAGE = 50;
const LARGEST_PAGE = 1000;

/** The page of the items that the request's filter, order and page ask for, under `field`. */
export function showPage(
  c: Context,
  field: string,
  items: readonly object[],
): object {
  requireKnownParameters(c, ["filter", "orderBy", "pageSize", "pageToken"]);
  const matches = parseFilter(withoutGroups(c.req.query("filter") ?? ""));
  const found = sort(items.filter(matches), c.req.query("orderBy") ?? "");
  const { items: page, nextPageToken } = readPage(
    c,
    found,
    LARGEST_PAGE,
    USUAL_PAGE,
  );
  return {
    [field]: page,
    ...(nextPageToken !== undefined && { nextPageToken }),
  };
}

/** gcloud groups terms that are all joined by AND, which changes nothing; quotes around a name neither. */
function withoutGroups(filter: string): string {
  return filter
    .replaceAll(/(^|\s)\(/g, "$1")
    .replaceAll(/(?<=")\)(?=\s|$)/g, "");
}

/** By one field, as in `CreateTime desc`. */
function sort(items: object[], orderBy: string): object[] {
  if (orderBy === "") return items;
  const [, first = "", rest = "", order] =
    /^(\w)(\w*)(?: (asc|desc))?$/.exec(orderBy.trim()) ?? [];
  if (first === "") {
    throw new GoogleError("INVALID_ARGUMENT", `invalid order_by "${orderBy}"`);
  }
  const field = first.toLowerCase() + rest;
  const ascending = items.toSorted((one, other) =>
    textOf(one, field).localeCompare(textOf(other, field)),
  );
  return order === "desc" ? ascending.reverse() : ascending;
}

function textOf(item: object, field: string): string {
  const value = (item as Record<string, unknown>)[field];
  return typeof value === "string" ? value : "";
}
