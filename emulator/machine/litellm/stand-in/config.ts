import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { CLIENT_KEYS, type ClientKeys, openClientKeys } from "./client-keys.ts";
import { listNotDone } from "./not-done.ts";

/** One way to reach a model. */
export interface Deployment {
  /** What clients ask for. */
  name: string;
  /** E.g. `vertex_ai/gemini-3.8-flash`. */
  model: string;
  project: string;
  location: string;
  apiKey: string;
}

export interface GatewayConfig {
  masterKey: string;
  deployments: Deployment[];
  /** Other names for them. */
  aliases: Map<string, string>;
  /** What answers when a model has failed. */
  fallbacks: Map<string, string[]>;
  retries: number;
  /** Undefined: the master key is the only one. */
  clientKeys: ClientKeys | undefined;
  /** What decides over calls in LiteLLM, and is not done here: `guardrails`, … */
  notDone: string[];
}

type Json = Record<string, unknown>;

const WEAK_KEYS = ["", "sk-1234"];

/** Reads LiteLLM's config as LiteLLM does at its start: what it cannot use ends the process. */
export function loadConfig(file: string | undefined): GatewayConfig {
  const config = resolve(
    file === undefined ? {} : readFiles(path.resolve(file)),
  ) as Json;
  const settings = section(config, "litellm_settings");
  const router = section(config, "router_settings");
  const general = section(config, "general_settings");
  const masterKey = general.master_key ?? process.env.LITELLM_MASTER_KEY;
  if (typeof masterKey !== "string" || WEAK_KEYS.includes(masterKey)) {
    fail("LiteLLM does not start with an unset or well-known master key.");
  }
  const fallbacks = list(router.fallbacks ?? settings.fallbacks);
  return {
    masterKey,
    deployments: list(config.model_list).map((entry) =>
      readDeployment(entry as Json, settings),
    ),
    aliases: new Map(
      Object.entries(section(router, "model_group_alias")),
    ) as Map<string, string>,
    fallbacks: new Map(
      fallbacks
        .flatMap((entry) => Object.entries(entry as Json))
        .map(([name, targets]) => [name, readFallback(name, targets)]),
    ),
    retries: Number(router.num_retries ?? settings.num_retries ?? 0),
    clientKeys:
      general.custom_auth === CLIENT_KEYS && file !== undefined
        ? readClientKeys(file)
        : undefined,
    notDone: listNotDone(config),
  };
}

function readClientKeys(config: string): ClientKeys {
  try {
    return openClientKeys(config);
  } catch (error) {
    return fail(`The list of client keys cannot be read: ${String(error)}`);
  }
}

function readDeployment(entry: Json, settings: Json): Deployment {
  const params = section(entry, "litellm_params");
  const name = entry.model_name;
  if (typeof name !== "string" || typeof params.model !== "string") {
    fail(
      "Every entry of model_list needs model_name and litellm_params.model.",
    );
  }
  return {
    name,
    model: params.model,
    project: text(
      params.vertex_project ??
        settings.vertex_project ??
        process.env.PROJECT_ID,
    ),
    location: text(
      params.vertex_location ?? settings.vertex_location ?? "us-central1",
    ),
    apiKey: text(params.api_key ?? process.env.GEMINI_API_KEY),
  };
}

function readFallback(name: string, targets: unknown): string[] {
  if (Array.isArray(targets)) return targets.map(String);
  return fail(`The fallbacks of ${name} must be a list.`);
}

/** With what it includes: lists are put together, of anything else the later file's counts. */
function readFiles(file: string): Json {
  const merged: Json = {};
  const files = [file];
  for (const next of files) {
    const { include, ...sections } = (readYaml(next) ?? {}) as Json;
    for (const [key, value] of Object.entries(sections)) {
      const before = merged[key];
      merged[key] =
        Array.isArray(before) && Array.isArray(value)
          ? [...(before as unknown[]), ...(value as unknown[])]
          : value;
    }
    for (const entry of list(include)) {
      const included = path.resolve(path.dirname(next), text(entry));
      if (!files.includes(included)) files.push(included);
    }
  }
  return merged;
}

function readYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (error) {
    return fail(`Config ${file} cannot be read: ${String(error)}`);
  }
}

/** `os.environ/NAME` as a whole value of a mapping; elsewhere LiteLLM leaves it alone. */
function resolve(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((item) =>
      typeof item === "string" ? item : resolve(item),
    );
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, resolve(item)]),
    );
  }
  if (typeof value !== "string") return value;
  const [, name] = /^os\.environ\/(.+)$/.exec(value) ?? [];
  return name === undefined ? value : process.env[name];
}

function section(of: Json, name: string): Json {
  return (of[name] ?? {}) as Json;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function fail(message: string): never {
  console.error(message);
  // eslint-disable-next-line no-restricted-properties -- a program of its own
  process.exit(3);
}
