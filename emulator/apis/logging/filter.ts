import { compare, type Operator, searchText } from "./comparison.ts";
import type { LogRecord } from "../../core/log-record.ts";
import { readTokens, type Token, unparseable } from "./tokens.ts";

export type Matcher = (record: LogRecord) => boolean;

interface Cursor {
  readonly filter: string;
  readonly tokens: readonly Token[];
  next: number;
}

/**
 * A filter in Logging's query language: comparisons, searched words, NOT or `-`,
 * OR, AND or nothing between two terms, parentheses. Throws INVALID_ARGUMENT.
 */
export function parseFilter(filter: string): Matcher {
  const cursor: Cursor = { filter, tokens: readTokens(filter), next: 0 };
  if (cursor.tokens.length === 0) return () => true;
  const matches = readConjunction(cursor);
  if (peek(cursor) !== undefined) throw unexpected(cursor, peek(cursor));
  return matches;
}

/** In this language OR binds tighter than AND. */
function readConjunction(cursor: Cursor): Matcher {
  const terms = [readDisjunction(cursor)];
  while (peek(cursor) !== undefined && peek(cursor)?.kind !== ")") {
    takeWord(cursor, "AND");
    terms.push(readDisjunction(cursor));
  }
  return (record) => terms.every((matches) => matches(record));
}

function readDisjunction(cursor: Cursor): Matcher {
  const terms = [readTerm(cursor)];
  while (takeWord(cursor, "OR")) terms.push(readTerm(cursor));
  return (record) => terms.some((matches) => matches(record));
}

function readTerm(cursor: Cursor): Matcher {
  if (takeWord(cursor, "NOT")) return negate(readTerm(cursor));
  const token = take(cursor);
  if (token?.kind === "(") {
    const matches = readConjunction(cursor);
    requireEnd(cursor);
    return matches;
  }
  if (token?.kind !== "word" && token?.kind !== "quoted") {
    throw unexpected(cursor, token);
  }
  const negated = token.kind === "word" && token.text.startsWith("-");
  const text = negated ? token.text.slice(1) : token.text;
  const operator = peek(cursor)?.kind === "operator" ? take(cursor) : undefined;
  const matches =
    operator === undefined
      ? (record: LogRecord) => searchText(record, text)
      : readComparison(cursor, text, operator.text as Operator);
  return negated ? negate(matches) : matches;
}

/** The value may be a list in parentheses, joined by OR. */
function readComparison(
  cursor: Cursor,
  path: string,
  operator: Operator,
): Matcher {
  const listed = peek(cursor)?.kind === "(";
  if (listed) take(cursor);
  const values = [readValue(cursor)];
  if (listed) {
    while (takeWord(cursor, "OR")) values.push(readValue(cursor));
    requireEnd(cursor);
  }
  return (record) => values.some((v) => compare(record, path, operator, v));
}

function readValue(cursor: Cursor): string {
  const token = take(cursor);
  if (token?.kind === "word" || token?.kind === "quoted") return token.text;
  throw unexpected(cursor, token);
}

function requireEnd(cursor: Cursor): void {
  const token = take(cursor);
  if (token?.kind !== ")") throw unexpected(cursor, token);
}

function peek(cursor: Cursor): Token | undefined {
  return cursor.tokens[cursor.next];
}

function take(cursor: Cursor): Token | undefined {
  return cursor.tokens[cursor.next++];
}

function takeWord(cursor: Cursor, word: "AND" | "OR" | "NOT"): boolean {
  const token = peek(cursor);
  const found = token?.kind === "word" && token.text === word;
  if (found) cursor.next++;
  return found;
}

function unexpected({ filter }: Cursor, token: Token | undefined) {
  return unparseable(filter, token?.at ?? filter.length);
}

function negate(matches: Matcher): Matcher {
  return (record) => !matches(record);
}
