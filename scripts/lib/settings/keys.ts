import { randomBytes } from "node:crypto";
import { withholdFromChildren } from "../cli/process-env.ts";

/**
 * A secret value that LiteLLM reads from its environment. An env's keys are
 * those that its LiteLLM config names (`Settings.keys`). Everything that handles
 * keys loops over them: collecting and storing them, roles, pins, the manifest,
 * deploy parameters, rollback, clean.
 */
export interface Key {
  /** Names its deploy parameters (`NAMESecret`, `NAMEVersion`). */
  name: string;
  /** In the shell and in the service. */
  variable: string;
  /** What the bash flow called it in the shell. */
  oldVariable?: string;
  /** For people: `Gemini API key`. */
  title: string;
  /** In a sentence: `the Gemini API key`. */
  phrase: string;
  /** What is asked for on a terminal, with its form or where to get one. */
  question: string;
  /** Where to get one. */
  source?: string;
  /** The setting that names its secret. */
  setting: string;
  /** What it is called on the command line. */
  option: string;
  /** Its secret: of an env's keys the env's, else the one where an env names none. */
  secret: string;
  /** Makes one where none is given or stored; `preview` is bash that prints such a key. */
  generate?: { value: () => string; preview: string };
  /** Why a key that is given is refused: `is shorter than …`. */
  findWeakness?: (key: string) => string | undefined;
}

/** Keys that have names of their own; each other is called as its variable is. */
export const KEYS = [
  {
    name: "masterKey",
    variable: "LITELLM_MASTER_KEY",
    oldVariable: "MY_MASTER_KEY",
    title: "master key",
    phrase: "LiteLLM's master key",
    question: "LiteLLM master key (sk-…):",
    setting: "MASTER_KEY_SECRET",
    option: "master-key",
    secret: "litellm-master-key",
    generate: {
      value: () => `sk-${randomBytes(32).toString("hex")}`,
      preview: `printf 'sk-%s' "$(openssl rand -hex 32)"`,
    },
    findWeakness,
  },
  {
    name: "geminiKey",
    variable: "GEMINI_API_KEY",
    oldVariable: "MY_GEMINI_KEY",
    title: "Gemini API key",
    phrase: "the Gemini API key",
    question: "Gemini API key (https://aistudio.google.com/apikey):",
    source: "https://aistudio.google.com/apikey",
    setting: "GEMINI_KEY_SECRET",
    option: "gemini-key",
    secret: "litellm-gemini-key",
  },
] as const satisfies readonly Key[];

withholdKeys(KEYS);

type TableName = (typeof KEYS)[number]["name"];

/** Something for each key of the table. */
export type ByKey<T> = Readonly<Record<TableName, T>>;

/** What guards the service: clients send it. */
export const MASTER_KEY = KEYS[0];

/** The key that LiteLLM reads from a variable. */
export function toKey(variable: string): Key {
  const known: readonly Key[] = KEYS;
  return (
    known.find((key) => key.variable === variable) ?? {
      name: variable,
      variable,
      title: variable,
      phrase: variable,
      question: `${variable}:`,
      setting: `${variable}_SECRET`,
      option: variable,
      secret: `litellm-${variable.toLowerCase().replaceAll("_", "-")}`,
    }
  );
}

/** The key of that name. */
export function keyNamed(name: string): Key {
  const known: readonly Key[] = KEYS;
  return known.find((key) => key.name === name) ?? toKey(name);
}

export function mapKeys<T>(map: (key: Key) => T): ByKey<T> {
  return Object.fromEntries(
    KEYS.map((key) => [key.name, map(key)]),
  ) as ByKey<T>;
}

/** What a key is called in the shell. */
export function variablesOf({ variable, oldVariable }: Key): string[] {
  return [variable, ...(oldVariable === undefined ? [] : [oldVariable])];
}

/** Keys go to Secret Manager by the client library: no gcloud needs to see them. */
export function withholdKeys(keys: readonly Key[]): void {
  withholdFromChildren(keys.flatMap(variablesOf));
}

/** What is wrong with a master key: it alone guards a public service. */
function findWeakness(key: string): string | undefined {
  if (!key.startsWith("sk-")) return "does not begin with sk-";
  if (key.length < 35) return "is shorter than 35 characters";
  if (new Set(key.slice(3)).size < 10) return "repeats few characters";
  return undefined;
}
