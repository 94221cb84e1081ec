import { GoogleError } from "./google-error.ts";

/** What is wrong with one field, in the words of Google's JSON parser. */
export interface Problem {
  /** In snake case, e.g. `secret.version_aliases`. */
  path: string;
  text: string;
}

/** An empty text is an empty message. Throws INVALID_ARGUMENT as Google's JSON parser does. */
export function parseJson(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `Invalid JSON payload received. Unexpected token.\n${text.slice(0, 40)}\n^`,
    );
  }
}

/** All problems in one error, as Google answers them. */
export function invalidArgument(problems: Problem[]): GoogleError {
  return new GoogleError(
    "INVALID_ARGUMENT",
    problems.map((problem) => problem.text).join("\n"),
    [
      {
        "@type": "type.googleapis.com/google.rpc.BadRequest",
        fieldViolations: problems.map(({ path, text }) => ({
          ...(path !== "" && { field: path }),
          description: text,
        })),
      },
    ],
  );
}

export function mismatch(
  value: unknown,
  path: string,
  type = "TYPE_MESSAGE",
): Problem {
  const sent = JSON.stringify(value);
  return { path, text: `Invalid value at '${path}' (${type}), ${sent}` };
}

export function unknownName(name: string, path: string): Problem {
  const where = path === "" ? "" : ` at '${path}'`;
  return {
    path,
    text: `Invalid JSON payload received. Unknown name "${name}"${where}: Cannot find field.`,
  };
}

/** In snake case, as Google names fields in errors. */
export function joinPath(path: string, name: string): string {
  const own = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return path === "" ? own : `${path}.${own}`;
}
