import type { Context } from "hono";
import { GoogleError } from "./google-error.ts";
import {
  type Problem,
  invalidArgument,
  joinPath,
  mismatch,
  parseJson,
  unknownName,
} from "./json-problems.ts";

/** Reads one JSON value; what it cannot read it adds to `problems`. */
export interface Type<T> {
  read(value: unknown, path: string, problems: Problem[]): T | undefined;
}

type Fields = Record<string, Type<unknown>>;

/** What a message of these fields holds; every field may be left out, as in proto3. */
export type Message<F extends Fields> = {
  [K in keyof F]?: F[K] extends Type<infer T> ? T : never;
};

/**
 * The body as a message; none is an empty message. `at` is the field that Google maps the body to, for its error texts.
 * Throws INVALID_ARGUMENT with every problem.
 */
export async function readBody<T>(
  c: Context,
  type: Type<T>,
  at = "",
): Promise<T> {
  const problems: Problem[] = [];
  const value = type.read(parseJson(await c.req.text()), at, problems);
  if (problems.length > 0 || value === undefined) {
    throw invalidArgument(problems);
  }
  return value;
}

export const string: Type<string> = scalar("TYPE_STRING", (value) =>
  typeof value === "string" ? value : undefined,
);

export const bool: Type<boolean> = scalar("TYPE_BOOL", (value) =>
  typeof value === "boolean" ? value : undefined,
);

export const int32: Type<number> = scalar("TYPE_INT32", toInteger);

/** A number or, as Google writes it itself, its decimal digits in a string. */
export const int64: Type<number> = scalar("TYPE_INT64", toInteger);

/** A number as JSON has it. */
export const double: Type<number> = scalar("TYPE_DOUBLE", (value) =>
  typeof value === "number" ? value : undefined,
);

export const bytes: Type<Buffer> = scalar("TYPE_BYTES", (value) =>
  typeof value === "string" && /^[A-Za-z0-9+/_-]*={0,2}$/.test(value)
    ? Buffer.from(value, "base64")
    : undefined,
);

/** A field that only Google writes: taken from a client that sends back what it read, and ignored. */
export const outputOnly: Type<never> = { read: () => undefined };

/** A field that Google has and the emulator does not: refused, so that nothing is silently lost. Client libraries send empty ones. */
export const uncovered: Type<never> = {
  read(value, path) {
    if (isEmpty(value)) return undefined;
    // Not UNIMPLEMENTED: gcloud would repeat the request for half a minute.
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `The emulated Google Cloud does not cover the field ${path}.`,
    );
  },
};

/** Any JSON object, kept as it is. */
export const object: Type<Record<string, unknown>> = scalar(
  "TYPE_MESSAGE",
  (value) => (isObject(value) ? value : undefined),
);

/** Values of a proto enum with their numbers, which may have gaps: Google's REST clients send either (`$alt=json;enum-encoding=int`). */
export function enumeration<V extends string>(
  name: string,
  numbers: Readonly<Record<V, number>>,
): Type<V> {
  const values = Object.keys(numbers) as V[];
  return scalar(`type.googleapis.com/${name}`, (value) =>
    values.find((known) => known === value || numbers[known] === value),
  );
}

/** One of some words, for an API that is not made of protos: Cloud Storage. */
export function oneOf<const V extends string>(
  name: string,
  values: readonly V[],
): Type<V> {
  return scalar(name, (value) => values.find((known) => known === value));
}

export function list<T>(of: Type<T>): Type<T[]> {
  return {
    read(value, path, problems) {
      if (!Array.isArray(value)) {
        problems.push(mismatch(value, path));
        return undefined;
      }
      return value.flatMap((item: unknown, index) => {
        const read = of.read(item, `${path}[${index}]`, problems);
        return read === undefined ? [] : [read];
      });
    },
  };
}

export function map<T>(of: Type<T>): Type<Record<string, T>> {
  return {
    read(value, path, problems) {
      if (!isObject(value)) {
        problems.push(mismatch(value, path));
        return undefined;
      }
      const result: Record<string, T> = {};
      for (const [key, item] of Object.entries(value)) {
        const read = of.read(item, `${path}[${key}]`, problems);
        if (read !== undefined) result[key] = read;
      }
      return result;
    },
  };
}

/** Fields by their JSON names; the proto's own snake case is understood too. `null` means left out. */
export function message<F extends Fields>(fields: F): Type<Message<F>> {
  return {
    read(value, path, problems) {
      if (!isObject(value)) {
        problems.push(mismatch(value, path));
        return undefined;
      }
      const result: Record<string, unknown> = {};
      for (const [name, item] of Object.entries(value)) {
        const known = toCamelCase(name);
        const type = Object.hasOwn(fields, known) ? fields[known] : undefined;
        if (type === undefined) problems.push(unknownName(name, path));
        else if (item !== null) {
          const read = type.read(item, joinPath(path, known), problems);
          if (read !== undefined) result[known] = read;
        }
      }
      return result as Message<F>;
    },
  };
}

function scalar<T>(
  name: string,
  convert: (value: unknown) => T | undefined,
): Type<T> {
  return {
    read(value, path, problems) {
      const converted = convert(value);
      if (converted === undefined) problems.push(mismatch(value, path, name));
      return converted;
    },
  };
}

function toInteger(value: unknown): number | undefined {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && /^-?\d+$/.test(text)
    ? Number(text)
    : undefined;
}

function isEmpty(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return !value;
  return Object.keys(value).length === 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function toCamelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_match, letter: string) =>
    letter.toUpperCase(),
  );
}
