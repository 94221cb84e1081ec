import { GoogleError } from "../../core/google-error.ts";
import { type LogRecord, SEVERITIES } from "../../core/log-record.ts";

export type Matcher = (record: LogRecord) => boolean;

/** One comparison, and the space behind it. */
const TERM =
  /(?<path>[A-Za-z][\w.]*)\s*(?<operator>>=|<|=|:)\s*(?<value>"(?:[^"\\]|\\.)*"|[^\s"()~<]+)\s*/y;

/** Between two terms, or a term and a group: `AND`, or nothing but space. */
const AND = /(?:AND\s+)?/y;
const OR = /OR\s+/y;
const OPEN = /\(\s*/y;
const CLOSE = /\)\s*/y;

/**
 * What the scripts and `gcloud … logs read` send of Logging's query language: `path=value`, `path:value` (contains, `*`
 * for present), an order of severities, times and HTTP statuses, joined by AND or spaces; in parentheses, by OR. Throws
 * INVALID_ARGUMENT for anything else.
 */
export function parseFilter(filter: string): Matcher {
  const text = filter.trim();
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) return undefined;
    at = pattern.lastIndex;
    return found;
  };
  const term = (): Matcher => {
    const start = at;
    const { path, operator, value } = take(TERM)?.groups ?? {};
    const matches =
      path !== undefined && operator !== undefined && value !== undefined
        ? toMatcher(path, operator, unquote(value))
        : undefined;
    if (matches === undefined) throw notUnderstood(text.slice(start));
    return matches;
  };
  const either = (): Matcher => {
    const terms = [term()];
    while (take(OR)) terms.push(term());
    if (!take(CLOSE)) throw notUnderstood(text.slice(at));
    return (record) => terms.some((matches) => matches(record));
  };
  const all: Matcher[] = [];
  while (at < text.length) {
    all.push(take(OPEN) ? either() : term());
    take(AND);
  }
  return (record) => all.every((matches) => matches(record));
}

/** What has an order, and the rank of a value in it; NaN, or less than 0, for what is none. */
const RANKS: Record<string, (text: string) => number> = {
  severity: (name) =>
    SEVERITIES.findIndex((known) => known === name.toUpperCase()),
  timestamp: Date.parse,
  "httpRequest.status": Number,
};

/** Text is compared without regard to case. Undefined for an order of anything else. */
function toMatcher(
  path: string,
  operator: string,
  value: string,
): Matcher | undefined {
  const wanted = value.toLowerCase();
  const is = (decide: (text: string) => boolean): Matcher => {
    return (record) => {
      const text = textAt(record, path);
      return text !== undefined && decide(text);
    };
  };
  if (operator === "=") return is((text) => text.toLowerCase() === wanted);
  if (operator === ":") {
    return is((text) => value === "*" || text.toLowerCase().includes(wanted));
  }
  const rank = RANKS[path];
  if (rank === undefined || !(rank(value) >= 0)) return undefined;
  return operator === "<"
    ? is((text) => rank(text) < rank(value))
    : is((text) => rank(text) >= rank(value));
}

function textAt(record: LogRecord, path: string): string | undefined {
  if (path === "severity") return record.severity ?? "DEFAULT";
  let found: unknown = record;
  for (const name of path.split(".")) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  if (found === undefined || typeof found === "string") return found;
  return JSON.stringify(found);
}

function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  return text.slice(1, -1).replace(/\\([\s\S])/g, "$1");
}

function notUnderstood(rest: string): GoogleError {
  return new GoogleError(
    "INVALID_ARGUMENT",
    `The emulated Google Cloud does not understand this part of the filter: ${rest}`,
  );
}
