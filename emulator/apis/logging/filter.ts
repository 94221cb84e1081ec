import { GoogleError } from "../../core/google-error.ts";
import { type LogRecord, SEVERITIES } from "../../core/log-record.ts";

export type Matcher = (record: LogRecord) => boolean;

/** One comparison, and what stands between it and the next one. */
const TERM =
  /(?<path>[A-Za-z][\w.]*)\s*(?<operator>>=|=|:)\s*(?<value>"(?:[^"\\]|\\.)*"|[^\s"()~]+)(?:\s+(?:AND\s+)?|$)/y;

/**
 * What the scripts and `gcloud … logs read` send of Logging's query language: `path=value`, `path:value` (contains, `*`
 * for present), `severity>=…` and `timestamp>=…`, joined by AND or spaces. Throws INVALID_ARGUMENT for anything else.
 */
export function parseFilter(filter: string): Matcher {
  const text = filter.trim();
  const terms: Matcher[] = [];
  for (TERM.lastIndex = 0; TERM.lastIndex < text.length;) {
    const start = TERM.lastIndex;
    const { path, operator, value } = TERM.exec(text)?.groups ?? {};
    const matches =
      path !== undefined && operator !== undefined && value !== undefined
        ? toMatcher(path, operator, unquote(value))
        : undefined;
    if (matches === undefined) throw notUnderstood(text.slice(start));
    terms.push(matches);
  }
  return (record) => terms.every((matches) => matches(record));
}

/** Text is compared without regard to case. Undefined for an order other than of severities and times. */
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
  const rank = { severity: severityRank, timestamp: Date.parse }[path];
  if (rank === undefined || !(rank(value) >= 0)) return undefined;
  return is((text) => rank(text) >= rank(value));
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

function severityRank(name: string): number {
  return SEVERITIES.findIndex((known) => known === name.toUpperCase());
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
