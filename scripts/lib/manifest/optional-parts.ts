import { type Document, isScalar, visit } from "yaml";

/** A comment on a line of its own, before a list item or a `key:`. */
const ONLY_WITH = /^[ \t]*# only-with: \$\{(\w+)\}[ \t]*$/gm;

/** A list item or a pair of the manifest that an env may go without. */
interface OptionalPart {
  /** The parameter that it needs. */
  parameter: string;
  /** Where its first key or value begins. */
  offset: number;
  isItem: boolean;
}

/** The parameters that a manifest can do without. */
export function listOptional(text: string): string[] {
  return findParts(text).map((part) => part.parameter);
}

/**
 * Takes out each part that is marked `# only-with: ${parameter}` and whose
 * parameter has no value. `document` is parsed from `text`.
 */
export function dropParts(
  document: Document,
  text: string,
  isGiven: (parameter: string) => boolean,
): void {
  const dropped = findParts(text).filter((p) => !isGiven(p.parameter));
  const isDropped = (node: unknown, isItem: boolean): boolean =>
    dropped.some(
      (part) => part.isItem === isItem && startOf(node) === part.offset,
    );
  visit(document, {
    Seq: (_, list) => {
      list.items = list.items.filter((item) => !isDropped(item, true));
    },
    Map: (_, map) => {
      map.items = map.items.filter(({ key }) => !isDropped(key, false));
    },
  });
}

function findParts(text: string): OptionalPart[] {
  return [...text.matchAll(ONLY_WITH)].flatMap((marker) => {
    const rest = text.slice(marker.index + marker[0].length);
    // What follows it, blank lines and comments aside.
    const next = /^(?:[ \t]*(?:#.*)?\n)*[ \t]*(- +)?/.exec(rest);
    if (next === null) return [];
    return [
      {
        parameter: marker[1] ?? "",
        offset: marker.index + marker[0].length + next[0].length,
        isItem: next[1] !== undefined,
      },
    ];
  });
}

function startOf(node: unknown): number | undefined {
  if (isScalar(node)) return node.range?.[0];
  return (node as { range?: [number, number, number] }).range?.[0];
}
