import fc from "fast-check";
import { parse, stringify } from "yaml";
import { CASES, type Case } from "./litellm-cases.ts";
import { check } from "./litellm-config.ts";

type Path = readonly (string | number)[];

/** What takes the place of one part of a config. */
interface Slip {
  name: string;
  /** Of a list's or a mapping's entry, by its place in it: what stands there then. */
  change: (
    key: string | number,
    value: unknown,
  ) => [string | number, unknown][];
}

const SHAPES: Slip[] = [
  { name: "gone", change: () => [] },
  {
    name: "twice",
    change: (key, value) =>
      typeof key === "number"
        ? [
            [key, value],
            [key, value],
          ]
        : [[key, value]],
  },
  { name: "in a list", change: (key, value) => [[key, [value]]] },
  { name: "in a mapping", change: (key, value) => [[key, { a: value }]] },
  {
    name: "its first entry alone",
    change: (key, value) => [[key, firstOf(value)]],
  },
  {
    name: "as a text",
    change: (key, value) => [[key, isScalar(value) ? String(value) : value]],
  },
];

/** A case that LiteLLM starts with, with one slip of whoever wrote it. */
export const mutated: fc.Arbitrary<Case> = fc
  .tuple(fc.constantFrom(...CASES.filter(isRight)), fc.nat(), slip())
  .map(([original, at, change]) => apply(original, at, change));

function isRight({ text, mode }: Case): boolean {
  return check(text, { mode }).config !== undefined;
}

function slip(): fc.Arbitrary<Slip> {
  const values = fc.constantFrom(
    ...[null, 0, -1, 2.5, "", "text", "1", true, [], ["text"], {}, { a: 1 }],
  );
  const at = fc.nat({ max: 50 });
  return fc.oneof(
    { weight: 3, arbitrary: values.map(replaceBy) },
    { weight: 2, arbitrary: at.map(misspellKey) },
    { weight: 2, arbitrary: at.map(misspellValue) },
    { weight: 1, arbitrary: fc.constantFrom(...SHAPES) },
  );
}

function replaceBy(value: unknown): Slip {
  return {
    name: JSON.stringify(value),
    change: (key) => [[key, value]],
  };
}

function misspellKey(at: number): Slip {
  return {
    name: `key misspelt at ${String(at)}`,
    change: (key, value) => [
      [typeof key === "string" ? misspell(key, at) : key, value],
    ],
  };
}

function misspellValue(at: number): Slip {
  return {
    name: `misspelt at ${String(at)}`,
    change: (key, value) => [
      [key, typeof value === "string" ? misspell(value, at) : value],
    ],
  };
}

/** Without one letter, with one twice, or with a hyphen for an underscore. */
function misspell(text: string, at: number): string {
  if (text === "") return "x";
  const index = at % text.length;
  const letter = text.charAt(index);
  if (letter === "_") return `${text.slice(0, index)}-${text.slice(index + 1)}`;
  const instead = at % 2 === 0 ? "" : letter + letter;
  return text.slice(0, index) + instead + text.slice(index + 1);
}

function isScalar(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

function firstOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.values(value)[0] ?? null;
}

function apply(original: Case, at: number, { name, change }: Slip): Case {
  const value: unknown = parse(original.text);
  const paths = listPaths(value);
  const place = paths[at % paths.length];
  if (place === undefined) return original;
  return {
    ...original,
    name: `${original.name}, ${place.join(".")}: ${name}`,
    text: stringify(changeAt(value, place, change), { version: "1.1" }),
  };
}

function listPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) {
    return path.length === 0 ? [] : [path];
  }
  const children = Object.entries(value).flatMap(([key, item]) =>
    listPaths(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return path.length === 0 ? children : [path, ...children];
}

function changeAt(
  value: unknown,
  [first, ...rest]: Path,
  change: Slip["change"],
): unknown {
  const entries = (
    Array.isArray(value)
      ? [...value.entries()]
      : Object.entries(value as object)
  ).flatMap(([key, item]: [string | number, unknown]) => {
    if (key !== first) return [[key, item] as [string | number, unknown]];
    return rest.length === 0
      ? change(key, item)
      : [[key, changeAt(item, rest, change)] as [string | number, unknown]];
  });
  return Array.isArray(value)
    ? entries.map(([, item]) => item)
    : Object.fromEntries(entries);
}
