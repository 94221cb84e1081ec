import type { Mode } from "./mode.ts";
import { InputError } from "../cli/errors.ts";
import { checkSettings } from "./check-settings.ts";
import type { Entry } from "./env-file.ts";
import { type ByKey, type Key, mapKeys } from "./keys.ts";
import { NOTHING_NAMED, type NamedVariables } from "./named-variables.ts";
import {
  type FieldOf,
  PROPERTIES,
  type SettingName,
  toField,
} from "./schema.ts";

export type Access = "public" | "iam";
export type Delivery = "pipeline" | "direct";

/** The settings as they are written, by their names in camel case. */
type Values = { [Name in SettingName as FieldOf<Name>]: string };

/** Settings that are more than their text. */
interface Interpreted {
  mode: Mode;
  access: Access;
  delivery: Delivery;
  /** The full email. */
  serviceAccount: string;
  /** Path of the LiteLLM config. */
  config: string;
  /** Empty: replicated automatically. */
  secretLocations: string[];
  clientKeys: boolean;
  warm: boolean;
  /** What takes something away for good asks for the env's name. */
  protected: boolean;
}

/** Everything that an env decides; config/env.schema.json says what each setting is. */
export interface Settings extends Omit<Values, keyof Interpreted>, Interpreted {
  env: string;
  /** Those that the service reads, each with its secret. */
  keys: readonly Key[];
  /** Of the service, besides those of the manifest: what is no secret. */
  variables: Readonly<Record<string, string>>;
  /** Secrets that config/service.yaml names itself. */
  ownSecrets: readonly string[];
  /** The secret of each key of the table, whether the service reads it or not. */
  keySecrets: ByKey<string>;
}

/** Settings that are plain text. */
export type TextField = {
  [Field in keyof Settings]: Settings[Field] extends string ? Field : never;
}[keyof Settings];

/**
 * Turns what the env files and the shell say into settings.
 * Throws one InputError that lists everything that is wrong.
 */
export function makeSettings(
  env: string,
  entries: ReadonlyMap<string, Entry>,
  named: NamedVariables = NOTHING_NAMED,
): Settings {
  const { values, variables, problems } = checkSettings(entries, named);
  if (problems.length > 0) {
    throw new InputError(
      [`the settings of env "${env}" are not valid:`, ...problems].join("\n  "),
    );
  }
  const get = (name: string): string => values[name] ?? "";
  const mode = get("MODE") as Mode;
  const written = Object.fromEntries(
    Object.keys(PROPERTIES).map((name) => [toField(name), get(name)]),
  ) as Values;
  return {
    ...written,
    env,
    mode,
    access: get("ACCESS") as Access,
    delivery: get("DELIVERY") as Delivery,
    serviceAccount: `${get("SERVICE_ACCOUNT")}@${emailDomain(get("PROJECT_ID"))}`,
    config: configOf(entries),
    secretLocations: get("SECRET_LOCATIONS").split(",").filter(Boolean),
    clientKeys: get("CLIENT_KEYS") === "true",
    warm: get("WARM") === "true",
    protected:
      values.PROTECTED === undefined
        ? env.startsWith("prod")
        : values.PROTECTED === "true",
    keys: variables.keys,
    variables: Object.fromEntries(
      variables.plain.flatMap((name) => {
        const value = entries.get(name)?.value ?? "";
        return value === "" ? [] : [[name, value]];
      }),
    ),
    ownSecrets: named.ownSecrets,
    keySecrets: mapKeys((key) => get(key.setting)),
  };
}

/** The path of the LiteLLM config; the default follows MODE. */
export function configOf(entries: ReadonlyMap<string, Entry>): string {
  const get = (name: string): string | undefined => entries.get(name)?.value;
  const mode = get("MODE") ?? PROPERTIES.MODE?.default ?? "";
  return get("CONFIG") ?? `config/litellm.${mode}.yaml`;
}

/** Whether the project is a rehearsal's: `demo-…`, of a domain or of none. */
export function isRehearsalProject(projectId: string): boolean {
  return /^([a-z0-9.-]+:)?demo-/.test(projectId);
}

/** Of a project's service accounts: `example.com:name` has them in `name.example.com` (IAM docs, "Service account types"). */
export function emailDomain(projectId: string): string {
  const [domain, name] = projectId.split(":");
  return name === undefined
    ? `${projectId}.iam.gserviceaccount.com`
    : `${name}.${domain ?? ""}.iam.gserviceaccount.com`;
}
