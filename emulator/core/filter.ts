import { GoogleError } from "./google-error.ts";

/** `-path:value`, where the value may be quoted, and a list in parentheses. */
const TERM = /^(-?)([A-Za-z][\w.-]*)(:|!=|=)("[^"]*"|\([^()]*\)|[^"():]*)$/;

type Matcher = (resource: object) => boolean;

/**
 * The subset of Google's list filters that gcloud sends: `path:value` (contains, `*` for present), `path=value`,
 * `path!=value`, `path:(one,other)`, joined by spaces or AND, each with NOT or `-` before it. Throws INVALID_ARGUMENT on anything else.
 */
export function parseFilter(filter: string | undefined): Matcher {
  if (filter === undefined || filter.trim() === "") return () => true;
  const terms = filter
    .trim()
    .split(/\s+(?:AND\s+)?/)
    .reduce<string[]>((words, word) => {
      const last = words.at(-1);
      return last === "NOT"
        ? [...words.slice(0, -1), `-${word}`]
        : [...words, word];
    }, []);
  const matchers = terms.map(parseTerm);
  return (resource) => matchers.every((matches) => matches(resource));
}

function parseTerm(term: string): Matcher {
  const match = TERM.exec(term);
  const [, negated, path, operator, text] = match ?? [];
  if (path === undefined || operator === undefined || text === undefined) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `The emulated Google Cloud does not understand the filter term ${term}.`,
    );
  }
  const values = text
    .replace(/^\((.*)\)$/, "$1")
    .split(",")
    .map(unquote);
  const matches: Matcher = (resource) => {
    const found = valuesAt(resource, path.split("."));
    return values.some((value) => compare(found, operator, value));
  };
  return negated === "-" ? (resource) => !matches(resource) : matches;
}

function compare(
  found: readonly string[],
  operator: string,
  value: string,
): boolean {
  if (operator === "=") return found.includes(value);
  if (operator === "!=") return !found.includes(value);
  return found.some((text) => value === "*" || text.includes(value));
}

function unquote(text: string): string {
  return text.replace(/^"(.*)"$/, "$1");
}

/** All texts at the path, which may lead through lists. */
function valuesAt(resource: unknown, path: readonly string[]): string[] {
  if (Array.isArray(resource)) {
    return resource.flatMap((item) => valuesAt(item, path));
  }
  const [name, ...rest] = path;
  if (name === undefined) {
    return typeof resource === "string" ? [resource] : [];
  }
  if (typeof resource !== "object" || resource === null) return [];
  return valuesAt((resource as Record<string, unknown>)[name], rest);
}
