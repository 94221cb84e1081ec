import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

/** A section of LiteLLM's config file, or `top` for the file itself. */
export type Section =
  "top" | "litellm_settings" | "router_settings" | "general_settings";

/** One per section that must be found, or the code has changed its shape. */
const LANDMARKS: Record<Section, string> = {
  top: "router_settings",
  litellm_settings: "sse_keepalive_ping_interval_seconds",
  router_settings: "model_group_alias",
  general_settings: "max_in_flight_requests_per_worker",
};

/**
 * The names that LiteLLM's code reads from each section of its config file.
 * It has no list of them: it silently ignores what it does not know.
 */
export function readConfigNames(
  sitePackages: string,
): Record<Section, string[]> {
  const code = readCode(path.join(sitePackages, "litellm"));
  const enterprise = readCode(path.join(sitePackages, "litellm_enterprise"));
  const loader = cut(
    fileOf(code, "proxy/proxy_server.py"),
    "\nclass ProxyConfig:",
    "\nclass ",
  );
  const names: Record<Section, string[]> = {
    top: [...found(loader, lookups("config")), "include"],
    litellm_settings: readModuleSettings(code, loader),
    router_settings: readRouterSettings(code),
    general_settings: [
      ...readFields(fileOf(code, "proxy/_types.py"), "ConfigGeneralSettings"),
      ...[...code.values(), ...enterprise.values()].flatMap((text) => [
        ...found(text, lookups("general_settings")),
        ...found(text, /"(\w+)" (?:not )?in general_settings\b/g),
      ]),
    ],
  };
  for (const [section, landmark] of Object.entries(LANDMARKS)) {
    const list = names[section as Section];
    if (!list.includes(landmark)) {
      throw new Error(`${landmark} is not among LiteLLM's ${section}`);
    }
    names[section as Section] = [...new Set(list)].sort();
  }
  return names;
}

/** `litellm_settings` become attributes of the module `litellm`. */
function readModuleSettings(
  code: ReadonlyMap<string, string>,
  loader: string,
): string[] {
  const module = fileOf(code, "__init__.py");
  const imported = ["from litellm._logging import (", "from litellm.constants"];
  const load = cut(loader, "async def load_config(", "    async def ");
  return [
    ...found(module, /^([a-z]\w*)(?::[^=\n]+)?(?: =|$)/gm),
    ...imported.flatMap((start) =>
      found(cut(module, start, "\n)"), /^ {4}([a-z]\w*)/gm),
    ),
    ...found(load, /key == "(\w+)"/g),
    ...[...code.values()].flatMap((text) =>
      found(text, lookups("litellm_settings")),
    ),
  ].filter((name) => !/_(models|endpoints|providers)$|^verbose_/.test(name));
}

/** `router_settings` become arguments of the class Router. */
function readRouterSettings(code: ReadonlyMap<string, string>): string[] {
  const start = "    def __init__(\n        self,\n        model_list:";
  const router = cut(fileOf(code, "router.py"), start, "-> None:");
  const elsewhere = found(
    cut(
      fileOf(code, "constants.py"),
      "ROUTER_SETTINGS_MANAGED_OUTSIDE_CONFIG:",
      "\n)",
    ),
    /"(\w+)"/g,
  );
  return found(router, /^ {8}(\w+): /gm).filter(
    (name) => !elsewhere.includes(name),
  );
}

function readFields(text: string, className: string): string[] {
  return found(
    cut(text, `\nclass ${className}(`, "\nclass "),
    /^ {4}(\w+): /gm,
  );
}

function lookups(variable: string): RegExp {
  return new RegExp(`\\b${variable}(?:\\.get\\(\\s*|\\[)"(\\w+)"`, "g");
}

function found(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? "");
}

/** From `start` up to the next `end`; throws where the code has changed its shape. */
function cut(text: string, start: string, end: string): string {
  const from = text.indexOf(start);
  const to = text.indexOf(end, from + start.length);
  if (from < 0 || to < 0) throw new Error(`not in LiteLLM's code: ${start}`);
  return text.slice(from, to);
}

function fileOf(code: ReadonlyMap<string, string>, name: string): string {
  const text = code.get(name);
  if (text === undefined) throw new Error(`not in LiteLLM's code: ${name}`);
  return text;
}

function readCode(directory: string): Map<string, string> {
  return new Map(
    readdirSync(directory, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".py"))
      .map((name) => [name, readFileSync(path.join(directory, name), "utf8")]),
  );
}
