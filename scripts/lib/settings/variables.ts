import { hideSecrets } from "../cli/hide-secrets.ts";
import { DATABASE_VARIABLES } from "./database-variables.ts";
import type { Entry } from "./env-file.ts";
import { type Key, KEYS, MASTER_KEY, toKey } from "./keys.ts";
import type { NamedVariables } from "./named-variables.ts";
import { PROPERTIES } from "./schema.ts";
import { isSecretName } from "./secret-names.ts";

/** What an env gives to its service besides what the manifest says. */
export interface Variables {
  /** Each with the secret that the env names. */
  keys: readonly Key[];
  /** Names of those whose values stand in the env file. */
  plain: readonly string[];
}

/** Cloud Run sets these itself (Cloud Run docs, "Container runtime contract"). */
const RESERVED = /^(PORT|K_SERVICE|K_REVISION|K_CONFIGURATION|X_GOOGLE_.*)$/;

/**
 * Which variables an env has: the master key, what the config refers to, and
 * what SECRET_VARIABLES and PLAIN_VARIABLES name. Sorted, so that another order
 * in the config is no other manifest.
 */
export function sortVariables(
  entries: ReadonlyMap<string, Entry>,
  { references, manifest }: NamedVariables,
): Variables {
  const secret = listed(entries, "SECRET_VARIABLES");
  const plain = listed(entries, "PLAIN_VARIABLES");
  const wanted = [...new Set([...references, ...secret, ...plain])].filter(
    (name) => !manifest.includes(name) && !(name in PROPERTIES),
  );
  const isSecret = (name: string): boolean =>
    secret.includes(name) || (isSecretName(name) && !plain.includes(name));
  const table = KEYS.map(({ variable }) => variable as string);
  const first = table.filter(
    (name) => name === MASTER_KEY.variable || wanted.includes(name),
  );
  const others = wanted.filter((name) => !table.includes(name)).sort();
  return {
    keys: [...first, ...others.filter(isSecret)].map(toKey).map((key) => ({
      ...key,
      secret: entries.get(key.setting)?.value ?? key.secret,
    })),
    plain: others.filter((name) => !isSecret(name) && !RESERVED.test(name)),
  };
}

/** The keys that a config has in an env that says nothing of them. */
export function listKeys(named: NamedVariables): readonly Key[] {
  return sortVariables(new Map(), named).keys;
}

/** Every problem as `where: what: how to mend`. */
export function checkVariables(
  entries: ReadonlyMap<string, Entry>,
  { manifest }: NamedVariables,
  { keys, plain }: Variables,
): string[] {
  const secret = listed(entries, "SECRET_VARIABLES");
  const open = listed(entries, "PLAIN_VARIABLES");
  const at = (name: string): string => entries.get(name)?.from ?? "default";
  return [
    ...open
      .filter((name) => secret.includes(name))
      .map(
        (name) =>
          `${at("PLAIN_VARIABLES")}: PLAIN_VARIABLES: ${name} is in SECRET_VARIABLES too: keep one of the two`,
      ),
    ...checkListed(entries, "SECRET_VARIABLES", manifest),
    ...checkListed(entries, "PLAIN_VARIABLES", manifest),
    ...open
      .filter((name) => plain.includes(name) && !hasValue(entries, name))
      .map(
        (name) =>
          `${at("PLAIN_VARIABLES")}: PLAIN_VARIABLES: ${name} has no value: write ${name}=… into the env file`,
      ),
    ...keys
      .filter(({ variable }) => entries.has(variable))
      .map(
        ({ variable }) =>
          `${at(variable)}: ${variable}: env files hold no secrets: give it in the shell, it is kept in Secret Manager (where it is no secret: PLAIN_VARIABLES=${variable})`,
      ),
    ...plain.flatMap((name) => checkPlain(name, entries.get(name))),
    ...checkSecrets(keys),
  ];
}

/** LiteLLM would migrate the tables of what serves. */
function checkListed(
  entries: ReadonlyMap<string, Entry>,
  setting: string,
  manifest: readonly string[],
): string[] {
  return listed(entries, setting).flatMap((name) => {
    const where = `${entries.get(setting)?.from ?? "default"}: ${setting}: ${name}`;
    if ((DATABASE_VARIABLES as readonly string[]).includes(name)) {
      return [
        `${where} leads LiteLLM to a database, which this project does not deploy: LiteLLM migrates the tables when it starts, so a candidate without traffic would change what serves`,
      ];
    }
    if (RESERVED.test(name)) {
      return [`${where} is set by Cloud Run itself: choose another name`];
    }
    if (name in PROPERTIES) {
      return [`${where} is a setting: choose another name`];
    }
    return manifest.includes(name)
      ? [
          `${where} is given by config/service.yaml already: keep one of the two`,
        ]
      : [];
  });
}

function checkPlain(name: string, entry: Entry | undefined): string[] {
  if (entry === undefined || hideSecrets(entry.value) === entry.value) {
    return [];
  }
  return [
    `${entry.from}: ${name}: its value looks like a secret: take it out, and name it: SECRET_VARIABLES=${name}`,
  ];
}

/** A secret holds one key. */
function checkSecrets(keys: readonly Key[]): string[] {
  return keys.flatMap((key, index) => {
    const other = keys.slice(0, index).find((k) => k.secret === key.secret);
    return other === undefined
      ? []
      : [
          `${key.setting}: secret ${key.secret} holds ${other.variable} already: name another for ${key.variable}`,
        ];
  });
}

function hasValue(entries: ReadonlyMap<string, Entry>, name: string): boolean {
  return (entries.get(name)?.value ?? "") !== "";
}

function listed(
  entries: ReadonlyMap<string, Entry>,
  setting: string,
): string[] {
  return (entries.get(setting)?.value ?? "").split(",").filter(Boolean);
}
