import { randomBytes } from "node:crypto";
import { withholdFromChildren } from "../cli/process-env.ts";
import type { Mode } from "./mode.ts";

/**
 * A secret value that LiteLLM reads from its environment. Everything that
 * handles keys loops over `KEYS`: collecting and storing them, roles, pins, the
 * manifest, deploy parameters, rollback, clean, verify, options and settings.
 */
export interface Key {
  /** Names its deploy parameters (`NAMESecret`, `NAMEVersion`), its setting (NAME_SECRET) and its option (--NAME). */
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
  /** The one mode that needs it; every mode where there is none. */
  mode?: Mode;
  /** Its secret where the env names none. */
  secret: string;
  /** Makes one where none is given or stored; `preview` is bash that prints such a key. */
  generate?: { value: () => string; preview: string };
  /** Why a key that is given is refused: `is shorter than …`. */
  findWeakness?: (key: string) => string | undefined;
}

export const KEYS = [
  {
    name: "masterKey",
    variable: "LITELLM_MASTER_KEY",
    oldVariable: "MY_MASTER_KEY",
    title: "master key",
    phrase: "LiteLLM's master key",
    question: "LiteLLM master key (sk-…):",
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
    mode: "apikey",
    secret: "litellm-gemini-key",
  },
] as const satisfies readonly Key[];

// Keys go to Secret Manager by the client library: no gcloud needs to see them.
withholdFromChildren(allKeys().flatMap(variablesOf));

export type KeyName = (typeof KEYS)[number]["name"];

/** Something for each key. */
export type ByKey<T> = Readonly<Record<KeyName, T>>;

/** What guards the service: clients send it. */
export const MASTER_KEY = KEYS[0];

/** The keys that a service reads in a mode. */
export function keysOf(mode: Mode): (Key & { name: KeyName })[] {
  return allKeys().filter((key) => key.mode === undefined || key.mode === mode);
}

export function allKeys(): (Key & { name: KeyName })[] {
  return [...KEYS];
}

export function mapKeys<T>(map: (key: Key & { name: KeyName }) => T): ByKey<T> {
  return Object.fromEntries(
    allKeys().map((key) => [key.name, map(key)]),
  ) as ByKey<T>;
}

/** What a key is called in the shell. */
export function variablesOf({ variable, oldVariable }: Key): string[] {
  return [variable, ...(oldVariable === undefined ? [] : [oldVariable])];
}

/** `GEMINI_KEY_SECRET`: the setting that names a key's secret. */
export function secretSetting({ name }: Key): string {
  return `${name.replace(/[A-Z]/g, "_$&").toUpperCase()}_SECRET`;
}

/** `gemini-key`: the option that says where a new key comes from. */
export function optionOf({ name }: Key): string {
  return name.replace(/[A-Z]/g, "-$&").toLowerCase();
}

/** What is wrong with a master key: it alone guards a public service. */
function findWeakness(key: string): string | undefined {
  if (!key.startsWith("sk-")) return "does not begin with sk-";
  if (key.length < 35) return "is shorter than 35 characters";
  if (new Set(key.slice(3)).size < 10) return "repeats few characters";
  return undefined;
}
