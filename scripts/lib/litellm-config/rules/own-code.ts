import { suggest } from "../../cli/suggest.ts";
import {
  type ConfigView,
  type Mapping,
  asList,
  asMapping,
  section,
} from "../config-view.ts";
import type { Path, Problem } from "../finding.ts";
import { readPython } from "../python-file.ts";
import type { Rule, RuleContext } from "../rule.ts";

/** Keys of general_settings that LiteLLM loads Python for, each named `file.name`. */
const GENERAL = [
  "custom_auth",
  "custom_key_generate",
  "custom_key_policy",
  "custom_key_update",
  "custom_sso",
  "custom_team_metadata_validate",
  "custom_ui_sso_sign_in_handler",
];

/** Keys of litellm_settings of which LiteLLM loads what has a point in its name. */
const CALLBACKS = [
  "audit_log_callbacks",
  "callbacks",
  "failure_callback",
  "success_callback",
];

/** LiteLLM looks for these beside the config, and does not start without them. */
export const checkOwnCode: Rule = (config, context) => [
  ...checkRulesList(config.value),
  ...[...listNamed(config.value), ...listPlugins(config.deployments)].flatMap(
    ([name, path]) => {
      if (typeof name !== "string" || !isOwn(name)) return [];
      const problem = checkNamed(name, path, context.files);
      return problem === undefined
        ? []
        : [{ severity: "error" as const, path, ...problem }];
    },
  ),
];

function checkRulesList(value: Mapping): Problem[] {
  const rules = section(value, "litellm_settings").post_call_rules;
  if (!Array.isArray(rules)) return [];
  return [
    {
      severity: "error",
      path: ["litellm_settings", "post_call_rules"],
      message: "LiteLLM does not start with a list of post_call_rules",
      hint: "Write one name: post_call_rules: file.name",
    },
  ];
}

/** Every place that may name `file.name`, with what stands there. */
function listNamed(value: Mapping): [unknown, Path][] {
  const general = section(value, "general_settings");
  const settings = section(value, "litellm_settings");
  const inList = (
    list: unknown,
    path: Path,
    pick: (entry: Mapping) => unknown,
    rest: Path,
  ): [unknown, Path][] =>
    asList(list).map((entry, index) => [
      pick(asMapping(entry)),
      [...path, index, ...rest],
    ]);
  return [
    ...GENERAL.map((key): [unknown, Path] => [
      general[key],
      ["general_settings", key],
    ]),
    ...CALLBACKS.flatMap((key) =>
      listOrOne(settings[key], ["litellm_settings", key]),
    ),
    [settings.post_call_rules, ["litellm_settings", "post_call_rules"]],
    ...inList(
      settings.custom_provider_map,
      ["litellm_settings", "custom_provider_map"],
      (entry) => entry.custom_handler,
      ["custom_handler"],
    ),
    ...inList(
      value.guardrails,
      ["guardrails"],
      (entry) => section(entry, "litellm_params").guardrail,
      ["litellm_params", "guardrail"],
    ),
    ...inList(value.mcp_tools, ["mcp_tools"], (entry) => entry.handler, [
      "handler",
    ]),
  ];
}

/** Of a router that chooses by how hard a question is. */
function listPlugins(
  deployments: ConfigView["deployments"],
): [unknown, Path][] {
  return deployments.flatMap(({ params, path }): [unknown, Path][] => {
    const key = "complexity_router_config";
    const router = section(params, key);
    const at = [...path, "litellm_params", key];
    return [
      ...asList(router.plugins).map((plugin, index): [unknown, Path] => [
        plugin,
        [...at, "plugins", index],
      ]),
      [router.classifier_plugin, [...at, "classifier_plugin"]],
    ];
  });
}

function listOrOne(value: unknown, path: Path): [unknown, Path][] {
  return Array.isArray(value)
    ? value.map((item, index): [unknown, Path] => [item, [...path, index]])
    : [[value, path]];
}

/** `file.name`; what begins with `litellm.` is in LiteLLM's own package. */
function isOwn(name: string): boolean {
  return /^[A-Za-z_]\w*(\.\w+)+$/.test(name) && !name.startsWith("litellm.");
}

type Description = Pick<Problem, "message" | "hint">;

function checkNamed(
  name: string,
  path: Path,
  files: RuleContext["files"],
): Description | undefined {
  const parts = name.split(".");
  const attribute = parts.pop() ?? "";
  const file = `${parts.join("/")}.py`;
  if (files === undefined) {
    return {
      message: `${name} is code of your own in ${file}, but only this config reaches the service: LiteLLM does not start without it`,
      hint: `Put ${file} into a directory, this config beside it as config.yaml, and set CONFIG to the directory.`,
    };
  }
  const text = files.get(file);
  if (text === undefined) {
    const near = suggest(file, files.keys());
    return {
      message: `LiteLLM looks for ${name} in ${file}, which does not lie beside this config, and does not start without it`,
      hint:
        near === undefined
          ? `Put ${file.split("/").at(-1) ?? file} into the directory of this config, or remove ${name}.`
          : `Did you mean ${near.replace(/\.py$/, "")}.${attribute}?`,
    };
  }
  const { words, classes } = readPython(text);
  if (words !== undefined && !words.has(attribute)) {
    const near = suggest(attribute, words);
    return {
      message: `${file} has no ${attribute}, and LiteLLM does not start without it`,
      hint:
        near === undefined
          ? `Name what ${file} has, as FILE.NAME.`
          : `Did you mean ${parts.join(".")}.${near}?`,
    };
  }
  if (path[1] === "callbacks" && classes.has(attribute)) {
    return {
      message: `${name} is a class, and LiteLLM does not start with a callback that is none of its objects`,
      hint: `Make one in ${file}, and name that: handler = ${attribute}()`,
    };
  }
  return undefined;
}
