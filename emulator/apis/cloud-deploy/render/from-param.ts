import {
  type Document,
  isCollection,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  Scalar,
  visit,
  YAMLSeq,
} from "yaml";
import { RenderError } from "./render-error.ts";

const MARKER = /^ from-param: (.+)$/;
const NAME = /\$\{([^{}]+)\}/g;

/**
 * Substitutes deploy parameters where a `# from-param: ${name}` comment stands behind a scalar, or behind the key of a list,
 * as Skaffold's setters do. So nothing happens in a map in flow style, nor where no parameter of that name is given, and a
 * value takes the place of an unquoted default as if it had been written there: `1` is a number. Throws RenderError.
 */
export function substituteParameters(
  document: Document,
  text: string,
  parameters: Readonly<Record<string, string>>,
): void {
  visit(document, {
    Pair(_key, pair) {
      if (isSeq(pair.value)) setList(pair, pair.value, text, parameters);
    },
    Scalar(key, node) {
      const pattern = key === "key" ? undefined : patternOf(node.comment);
      if (pattern === undefined || !isMeant(pattern, parameters)) return;
      setScalar(node, pattern, parameters);
    },
  });
}

function setScalar(
  node: Scalar,
  pattern: string,
  parameters: Readonly<Record<string, string>>,
): void {
  const current = node.source ?? String(node.value);
  const known = { ...readValues(pattern, current), ...parameters };
  const missing: string[] = [];
  const value = pattern.replace(NAME, (_match, name: string) => {
    if (!Object.hasOwn(known, name)) missing.push(name);
    return known[name] ?? "";
  });
  if (missing.length > 0) {
    const names = missing.map((name) => `$\{${name}}`).join(" ");
    throw new RenderError(`values for setters [${names}] must be provided`);
  }
  const quoted = node.type !== Scalar.PLAIN || value === "";
  node.value = quoted ? value : resolvePlain(value);
}

function setList(
  pair: Pair,
  value: YAMLSeq,
  text: string,
  parameters: Readonly<Record<string, string>>,
): void {
  const comment = value.flow ? value.comment : commentOfKey(pair, text);
  const pattern = patternOf(comment);
  if (pattern === undefined || !isMeant(pattern, parameters)) return;
  const name = /^\$\{([^{}]+)\}$/.exec(pattern)?.[1];
  if (name === undefined) {
    throw new RenderError(
      `invalid setter pattern for array node: "${pattern}"`,
    );
  }
  const given = parameters[name] ?? "";
  const parsed = parseDocument(given === "" ? "[]" : given).contents;
  if (!isSeq(parsed)) {
    throw new RenderError(
      `input to array setter must be an array of values, but found "${given}"`,
    );
  }
  value.items = parsed.items;
}

/** What stands behind `key:` on its line. */
function commentOfKey(pair: Pair, text: string): string | undefined {
  const range = isScalar(pair.key) ? pair.key.range : undefined;
  if (!range) return undefined;
  const [line = ""] = text.slice(range[1]).split("\n", 1);
  return /^\s*:\s*#(.*)$/.exec(line)?.[1]?.trimEnd();
}

function patternOf(comment: string | null | undefined): string | undefined {
  return MARKER.exec(comment ?? "")?.[1]?.trim();
}

/** Whether any of the pattern's parameters is given. */
function isMeant(
  pattern: string,
  parameters: Readonly<Record<string, string>>,
): boolean {
  return [...pattern.matchAll(NAME)].some(([, name = ""]) =>
    Object.hasOwn(parameters, name),
  );
}

/** What the pattern's parameters are in a value that was written by hand. */
function readValues(pattern: string, value: string): Record<string, string> {
  const names = [...pattern.matchAll(NAME)].map(([, name = ""]) => name);
  const source = pattern
    .split(NAME)
    .map((part, index) => (index % 2 === 1 ? "(.*)" : escapePattern(part)))
    .join("");
  const match = new RegExp(`^${source}$`, "s").exec(value);
  if (match === null) return {};
  return Object.fromEntries(
    names.map((name, index) => [name, match[index + 1] ?? ""]),
  );
}

/** What YAML makes of an unquoted text; a text where it would be anything but a plain scalar. */
function resolvePlain(text: string): unknown {
  const { contents, errors } = parseDocument(text);
  const isPlain =
    errors.length === 0 &&
    isScalar(contents) &&
    !isCollection(contents) &&
    contents.type === Scalar.PLAIN &&
    contents.source === text;
  return isPlain ? contents.value : text;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
