import { InputError } from "../../cli/errors.ts";
import { suggest } from "../../cli/suggest.ts";
import { type ClientKey, idOf } from "./key-list.ts";
import { describeKey } from "./report.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$/;
const ID = /^[0-9a-f]{12}$/;

/** A name or an id. Throws InputError where none is given, or a key is, without showing it. */
export function requireName(name: string | undefined): string {
  if (name === undefined || name === "") {
    throw new InputError("no name was given", {
      hint: "Say who the key is for: a team, a person, a program.",
    });
  }
  if (name.startsWith("sk-")) {
    throw new InputError("what was given as a name looks like a key", {
      hint: "Give the client's name. If it was a key, it stands in the shell's history now: remove it there.",
    });
  }
  return name;
}

/** Throws InputError for what cannot be the name of a client. */
export function checkName(name: string): void {
  if (NAME.test(name) && !ID.test(name)) return;
  throw new InputError(
    `the name ${name}: expected at most 63 letters, digits and ". _ @ -", and no 12 hex digits, which are an id`,
  );
}

/** The key of that id, or the keys of that name; several only with `all`. Throws InputError. */
export function chooseKeys(
  keys: readonly ClientKey[],
  wanted: string,
  all: boolean,
): ClientKey[] {
  const found = keys.filter(
    (key) => key.name === wanted || idOf(key) === wanted,
  );
  if (found.length === 0) {
    const near = suggest(wanted, [
      ...keys.map(({ name }) => name),
      ...keys.map(idOf),
    ]);
    throw new InputError(`there is no client key ${wanted}`, {
      hint:
        near === undefined
          ? "See them: list instead of remove."
          : `Did you mean ${near}?`,
    });
  }
  if (found.length > 1 && !all) {
    throw new InputError(
      [
        `${wanted} has ${found.length} keys:`,
        ...found.map((key) => `  ${describeKey(key)}`),
      ].join("\n"),
      { hint: "Remove one by its id, or every one with --all." },
    );
  }
  return found;
}

/** `--models=a,b`; undefined: all. Throws InputError for a model that the config does not offer. */
export function parseModels(
  text: string | undefined,
  offered: readonly string[],
): string[] | undefined {
  if (text === undefined) return undefined;
  const models = [...new Set(text.split(",").map((name) => name.trim()))];
  for (const model of models) {
    if (offered.includes(model)) continue;
    const near = suggest(model, offered);
    throw new InputError(
      `--models=${text}: the LiteLLM config offers no model "${model}"`,
      {
        hint:
          near === undefined
            ? `It offers ${offered.join(", ")}.`
            : `Did you mean ${near}?`,
      },
    );
  }
  return models;
}

/** Throws InputError. */
export function parseLimit(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InputError(`--requests-per-minute=${text}: expected 1 to 999999`);
}
