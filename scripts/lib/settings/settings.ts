import { InputError } from "../cli/errors.ts";
import type { Entry } from "./env-file.ts";
import { checkSettings } from "./check-settings.ts";

export type Mode = "vertex" | "apikey";
export type Access = "public" | "iam";
export type Delivery = "pipeline" | "direct";

/** Everything that an env decides. README, "Settings", says what each one does. */
export interface Settings {
  env: string;
  mode: Mode;
  projectId: string;
  region: string;
  modelRegion: string;
  service: string;
  /** The full email. */
  serviceAccount: string;
  /** Path of the LiteLLM config. */
  configFile: string;
  configSecret: string;
  masterKeySecret: string;
  geminiKeySecret: string;
  /** Empty: replicated automatically. */
  secretLocations: string[];
  image: string;
  /** Whether the pipeline's mirror of the image gets compiled bytecode. */
  warm: boolean;
  access: Access;
  delivery: Delivery;
  cpu: string;
  memory: string;
  concurrency: string;
  minInstances: string;
  maxInstances: string;
  /** Seconds. */
  timeout: string;
}

/**
 * Turns what the env files and the shell say into settings.
 * Throws one InputError that lists everything that is wrong.
 */
export function makeSettings(
  env: string,
  entries: ReadonlyMap<string, Entry>,
): Settings {
  const { values, problems } = checkSettings(entries);
  if (problems.length > 0) {
    throw new InputError(
      [`the settings of env "${env}" are not valid:`, ...problems].join("\n  "),
    );
  }
  const get = (name: string): string => values[name] ?? "";
  const mode = get("MODE") as Mode;
  return {
    env,
    mode,
    projectId: get("PROJECT_ID"),
    region: get("REGION"),
    modelRegion: get("MODEL_REGION"),
    service: get("SERVICE"),
    serviceAccount: `${get("SERVICE_ACCOUNT")}@${emailDomain(get("PROJECT_ID"))}`,
    configFile: values.CONFIG ?? `config/litellm.${mode}.yaml`,
    configSecret: get("CONFIG_SECRET"),
    masterKeySecret: get("MASTER_KEY_SECRET"),
    geminiKeySecret: get("GEMINI_KEY_SECRET"),
    secretLocations: get("SECRET_LOCATIONS").split(",").filter(Boolean),
    image: get("IMAGE"),
    warm: get("WARM") === "true",
    access: get("ACCESS") as Access,
    delivery: get("DELIVERY") as Delivery,
    cpu: get("CPU"),
    memory: get("MEMORY"),
    concurrency: get("CONCURRENCY"),
    minInstances: get("MIN_INSTANCES"),
    maxInstances: get("MAX_INSTANCES"),
    timeout: get("TIMEOUT"),
  };
}

/** Of a project's service accounts: `example.com:name` has them in `name.example.com` (IAM docs, "Service account types"). */
export function emailDomain(projectId: string): string {
  const [domain, name] = projectId.split(":");
  return name === undefined
    ? `${projectId}.iam.gserviceaccount.com`
    : `${name}.${domain ?? ""}.iam.gserviceaccount.com`;
}
