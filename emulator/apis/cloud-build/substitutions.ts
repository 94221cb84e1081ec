import { GoogleError } from "../../core/google-error.ts";

/** `$$`, `$NAME`, `${NAME}`. */
const REFERENCE = /\$(?:\$|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g;

/** What a build without a trigger does not have: empty then. */
const OF_TRIGGERS = [
  "BRANCH_NAME",
  "COMMIT_SHA",
  "REF_NAME",
  "REPO_FULL_NAME",
  "REPO_NAME",
  "REVISION_ID",
  "SHORT_SHA",
  "TAG_NAME",
  "TRIGGER_BUILD_CONFIG_PATH",
  "TRIGGER_NAME",
];

/** All values by name. Throws INVALID_ARGUMENT for names that are not Google's kind. */
export function resolveValues(
  builtIn: Record<string, string>,
  own: Record<string, string>,
  dynamic: boolean,
): Record<string, string> {
  for (const name of Object.keys(own)) {
    if (/^_[A-Z0-9_]+$/.test(name)) continue;
    if (OF_TRIGGERS.includes(name) || Object.hasOwn(builtIn, name)) continue;
    throw refusal(
      `key in the substitution data ("${name}") must match ^_[A-Z0-9_]+$`,
    );
  }
  const empty = Object.fromEntries(OF_TRIGGERS.map((name) => [name, ""]));
  const values = { ...empty, ...own, ...builtIn };
  if (!dynamic) return values;
  // A value may refer to a value that refers to another.
  const deepen = (text: string, depth: number): string =>
    depth === 0
      ? text
      : text.replace(REFERENCE, (whole, name?: string, braced?: string) => {
          const value = values[name ?? braced ?? ""];
          return value === undefined ? whole : deepen(value, depth - 1);
        });
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, deepen(value, 5)]),
  );
}

/** Every string with its references replaced. Throws INVALID_ARGUMENT for a reference to nothing. */
export function substitute<T>(value: T, values: Record<string, string>): T {
  if (typeof value === "string") return replaceAll(value, values) as T;
  if (Array.isArray(value)) {
    return value.map((item: unknown) => substitute(item, values)) as T;
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([k, v]) => [k, substitute(v, values)]),
    ) as T;
  }
  return value;
}

/** Throws INVALID_ARGUMENT for a user's substitution that nothing refers to, unless that is allowed. */
export function requireUsed(
  template: unknown,
  own: Record<string, string>,
): void {
  const text = JSON.stringify(template);
  const used = new Set(
    [...text.matchAll(REFERENCE)].map((match) => match[1] ?? match[2]),
  );
  for (const name of Object.keys(own)) {
    if (used.has(name) || !name.startsWith("_")) continue;
    throw refusal(
      `key "${name}" in the substitution data is not matched in the template`,
    );
  }
}

function replaceAll(text: string, values: Record<string, string>): string {
  return text.replace(REFERENCE, (whole, name?: string, braced?: string) => {
    if (whole === "$$") return "$";
    const key = name ?? braced ?? "";
    const value = values[key];
    if (value !== undefined) return value;
    throw refusal(
      key.startsWith("_")
        ? `key in the template "${key}" is not matched in the substitution data`
        : `key in the template "${key}" is not a valid built-in substitution`,
    );
  });
}

function refusal(text: string): GoogleError {
  return new GoogleError(
    "INVALID_ARGUMENT",
    `invalid value for 'build.substitutions': ${text}`,
  );
}
