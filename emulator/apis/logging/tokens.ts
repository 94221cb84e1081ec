import { GoogleError } from "../../core/google-error.ts";

export interface Token {
  kind: "word" | "quoted" | "operator" | "(" | ")";
  text: string;
  /** Where it stands in the filter, from 0. */
  at: number;
}

const TOKEN =
  /\s+|--[^\n]*|(?<quoted>"(?:[^"\\]|\\[\s\S])*")|(?<operator>=~|!~|!=|>=|<=|=|>|<|:)|(?<paren>[()])|(?<word>(?:[^\s()=!<>:"~,]|\\.)+)/uy;

/** The tokens of a filter in Logging's query language. Throws INVALID_ARGUMENT. */
export function readTokens(filter: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < filter.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(filter);
    if (match === null) throw unparseable(filter, at);
    const { quoted, operator, paren, word } = match.groups ?? {};
    if (quoted !== undefined) {
      const text = quoted.slice(1, -1).replace(/\\([\s\S])/g, "$1");
      tokens.push({ kind: "quoted", text, at });
    } else if (operator !== undefined) {
      tokens.push({ kind: "operator", text: operator, at });
    } else if (paren === "(" || paren === ")") {
      tokens.push({ kind: paren, text: paren, at });
    } else if (word !== undefined) {
      tokens.push({ kind: "word", text: word, at });
    }
    at = TOKEN.lastIndex;
  }
  return tokens;
}

export function unparseable(filter: string, at: number): GoogleError {
  const before = filter.slice(0, at);
  const line = before.split("\n").length;
  const column = at - before.lastIndexOf("\n");
  const token = /^\S*/.exec(filter.slice(at))?.[0] ?? "";
  return new GoogleError(
    "INVALID_ARGUMENT",
    `Unparseable filter: syntax error at line ${line}, column ${column}, token '${token}'`,
  );
}
