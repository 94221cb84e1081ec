import {
  type Document,
  LineCounter,
  type Node,
  type Pair,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseDocument,
  visit,
} from "yaml";
import type { Located, Path, Problem } from "./finding.ts";
import { likePyYaml } from "./pyyaml.ts";

/** A YAML text, and where its parts stand in it. */
export interface ConfigDocument {
  /** Undefined when the text is no YAML that LiteLLM could read. */
  value: unknown;
  findings: Located[];
  locate(problem: Problem): Located;
  locateOffset(offset: number): { line: number; column: number };
}

/** Reads YAML 1.1, as LiteLLM's PyYAML does: `yes` is true there, too. */
export function readDocument(text: string): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: "1.1",
    customTags: likePyYaml,
    lineCounter: lines,
    prettyErrors: false,
  });
  const locateOffset = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems = [...listProblems(document), ...listUnprintable(text)];
  return {
    value: toValue(document, problems),
    findings: problems.map((problem) => ({
      severity: "error",
      ...locateOffset(problem.pos[0]),
      ...describe(problem, text),
    })),
    locate: ({ severity, message, hint, path, at }) => ({
      severity,
      ...locateOffset(findOffset(document, path, at === "key")),
      message,
      hint,
    }),
    locateOffset,
  };
}

interface YamlProblem {
  code: string;
  message: string;
  pos: readonly [number, number];
}

function listProblems(document: Document.Parsed): YamlProblem[] {
  const aliases: YamlProblem[] = [];
  visit(document, {
    Alias: (_key, alias, parents) => {
      const target = alias.resolve(document);
      if (target !== undefined && !parents.includes(target)) return;
      const [start = 0, end = 0] = alias.range ?? [];
      const message =
        target === undefined
          ? `*${alias.source} has no &${alias.source} above it`
          : `*${alias.source} stands in what it repeats`;
      aliases.push({ code: "ALIAS", message, pos: [start, end] });
    },
  });
  // PyYAML does not load a tag that it does not know either.
  return [...document.errors, ...document.warnings, ...aliases];
}

/** The first character that PyYAML does not take in a text; `yaml` takes it. */
function listUnprintable(text: string): YamlProblem[] {
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  const found = /[\0-\x08\v\f\x0E-\x1F\x7F-\x84\x86-\x9F\uFFFE\uFFFF]/.exec(
    text,
  );
  if (found === null) return [];
  const code = found[0].charCodeAt(0).toString(16).padStart(4, "0");
  const message = `the character U+${code.toUpperCase()} is not printable`;
  return [{ code: "CHARACTER", message, pos: [found.index, found.index + 1] }];
}

/** Undefined when there is a problem that it cannot be read with. */
function toValue(document: Document.Parsed, problems: YamlProblem[]): unknown {
  if (problems.some(({ code }) => code !== "DUPLICATE_KEY")) return undefined;
  try {
    return document.toJS();
  } catch (error) {
    // Aliases of aliases, which would become gigabytes.
    const message = error instanceof Error ? error.message : String(error);
    problems.push({ code: "ALIAS", message, pos: [0, 0] });
    return undefined;
  }
}

function describe(
  { code, message, pos }: YamlProblem,
  text: string,
): { message: string; hint: string } {
  if (code === "DUPLICATE_KEY") {
    const key = /^[^\s:]+/.exec(text.slice(pos[0]))?.[0] ?? "a key";
    return {
      message: `${key} stands twice in the same mapping`,
      hint: "LiteLLM takes the last one without a word. Keep one of them.",
    };
  }
  return {
    message: `not valid YAML: ${message.split("\n")[0] ?? ""}`,
    hint: "Look at this line and the one above it: indentation, quotes, colons.",
  };
}

/** The place of a path, or of the nearest thing around it that is there. */
function findOffset(document: Document, path: Path, wantKey: boolean): number {
  let node = resolve(document, document.contents);
  let offset = node?.range?.[0] ?? 0;
  for (const [depth, part] of path.entries()) {
    const found = findChild(document, node, part);
    if (found === undefined) return offset;
    const isLast = depth === path.length - 1;
    node = resolve(document, found.value);
    const value = isNode(found.value) ? found.value : undefined;
    const empty = value?.range == null || value.range[0] === value.range[1];
    const place = (isLast && wantKey) || empty ? found.key : value;
    offset = place?.range?.[0] ?? value?.range?.[0] ?? offset;
  }
  return offset;
}

function findChild(
  document: Document,
  node: Node | undefined,
  part: string | number,
): { key: Node | undefined; value: unknown } | undefined {
  if (isSeq(node)) {
    const value = node.items[Number(part)];
    return value === undefined ? undefined : { key: undefined, value };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(
    ({ key }: Pair) => isScalar(key) && String(key.value) === String(part),
  );
  if (pair === undefined) return undefined;
  return { key: isNode(pair.key) ? pair.key : undefined, value: pair.value };
}

/** Follows an alias (`*name`) to what it stands for. */
function resolve(document: Document, node: unknown): Node | undefined {
  if (isAlias(node)) return node.resolve(document);
  return isNode(node) ? node : undefined;
}
