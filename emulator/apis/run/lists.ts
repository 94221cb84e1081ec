import type { Context } from "hono";
import { GoogleError } from "../../core/google-error.ts";
import { requireKnownParameters } from "../../core/query.ts";
import { notCovered } from "./coverage.ts";

/** A list in Knative's form, of what the request's label selector and page leave of the items. */
export function showList<T>(
  c: Context,
  kind: string,
  items: readonly T[],
  options: {
    labels: (item: T) => Readonly<Record<string, string>>;
    show: (item: T) => object;
  },
): object {
  requireKnownParameters(c, [
    "continue",
    "fieldSelector",
    "labelSelector",
    "limit",
  ]);
  if (c.req.query("fieldSelector")) throw notCovered("field selectors");
  const selects = parseLabelSelector(c.req.query("labelSelector") ?? "");
  const selected = items.filter((item) => selects(options.labels(item)));
  const start = readNumber(c, "continue", 0);
  const limit = readNumber(c, "limit", 0) || 500;
  const end = start + limit;
  return {
    apiVersion: "serving.knative.dev/v1",
    kind,
    metadata: { ...(end < selected.length && { continue: String(end) }) },
    items: selected.slice(start, end).map(options.show),
  };
}

/** Kubernetes' label selectors: `k=v`, `k==v`, `k!=v`, `k in (v,w)`, `k notin (v)`, `k`, `!k`, joined by commas. */
export function parseLabelSelector(
  selector: string,
): (labels: Readonly<Record<string, string>>) => boolean {
  const terms = selector
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== "")
    .map(parseTerm);
  return (labels) => terms.every((holds) => holds(labels));
}

function parseTerm(
  term: string,
): (labels: Readonly<Record<string, string>>) => boolean {
  const match =
    /^(!?)\s*([\w./-]+)(?:\s*(==|=|!=)\s*([\w./-]*)|\s+(in|notin)\s*\(([^)]*)\))?$/.exec(
      term,
    );
  if (match === null) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `Invalid label selector: ${term}`,
    );
  }
  const [, not, key = "", comparison, value = "", set, list = ""] = match;
  const values = set ? list.split(",").map((v) => v.trim()) : [value];
  const present = comparison === undefined && set === undefined;
  const negated = not === "!" || comparison === "!=" || set === "notin";
  return (labels) => {
    const label = labels[key];
    const holds = label !== undefined && (present || values.includes(label));
    return holds !== negated;
  };
}

function readNumber(c: Context, name: string, fallback: number): number {
  const text = c.req.query(name) ?? "";
  if (text === "") return fallback;
  if (/^\d+$/.test(text)) return Number(text);
  throw new GoogleError(
    "INVALID_ARGUMENT",
    `Invalid value at '${name}' (TYPE_INT32), "${text}"`,
  );
}
