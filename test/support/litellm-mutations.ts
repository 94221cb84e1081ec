import fc from "fast-check";
import { parse, stringify } from "yaml";
import { CASES, type Case } from "./litellm-cases.ts";

type Path = (string | number)[];

/** A case in which one value is gone, is null, or is of another kind. */
export const mutated: fc.Arbitrary<Case> = fc
  .constantFrom(...CASES)
  .chain((original) => {
    const paths = listPaths(parse(original.text));
    return fc
      .tuple(
        fc.constantFrom(...paths),
        fc.constantFrom(undefined, null, 0, "", "text", true, [], {}),
      )
      .map(([place, value]) => ({
        ...original,
        name: `${original.name}, ${place.join(".")} = ${value === undefined ? "gone" : JSON.stringify(value)}`,
        text: stringify(replace(parse(original.text), place, value)),
      }));
  });

function listPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const children = Object.entries(value).flatMap(([key, item]) =>
    listPaths(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return path.length === 0 ? children : [path, ...children];
}

function replace(value: unknown, [first, ...rest]: Path, by: unknown): unknown {
  if (first === undefined) return by;
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => {
      if (index !== first) return [item];
      const changed = replace(item, rest, by);
      return changed === undefined ? [] : [changed];
    });
  }
  return Object.fromEntries(
    Object.entries(value as object)
      .map(([key, item]: [string, unknown]) => [
        key,
        key === first ? replace(item, rest, by) : item,
      ])
      .filter(([, item]) => item !== undefined),
  );
}
