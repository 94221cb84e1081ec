import { asList, asMapping, section } from "../config-view.ts";
import type { Path, Problem } from "../finding.ts";
import type { Rule } from "../rule.ts";

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
  "post_call_rules",
  "success_callback",
];

/** LiteLLM looks for these beside the config, and only the config reaches the service. */
export const checkOwnCode: Rule = ({ value }) => {
  const general = section(value, "general_settings");
  const settings = section(value, "litellm_settings");
  const named: [unknown, Path][] = [
    ...GENERAL.map((key): [unknown, Path] => [
      general[key],
      ["general_settings", key],
    ]),
    ...CALLBACKS.flatMap((key) =>
      listOrOne(settings[key], ["litellm_settings", key]),
    ),
    ...asList(settings.custom_provider_map).map(
      (entry, index): [unknown, Path] => [
        asMapping(entry).custom_handler,
        ["litellm_settings", "custom_provider_map", index, "custom_handler"],
      ],
    ),
    ...asList(value.guardrails).map((entry, index): [unknown, Path] => [
      section(asMapping(entry), "litellm_params").guardrail,
      ["guardrails", index, "litellm_params", "guardrail"],
    ]),
  ];
  return named.flatMap(([name, path]) =>
    typeof name === "string" && isOwn(name) ? [describe(name, path)] : [],
  );
};

function listOrOne(value: unknown, path: Path): [unknown, Path][] {
  return Array.isArray(value)
    ? value.map((item, index): [unknown, Path] => [item, [...path, index]])
    : [[value, path]];
}

/** `file.name`; what begins with `litellm.` is in LiteLLM's own package. */
function isOwn(name: string): boolean {
  return /^[A-Za-z_]\w*(\.\w+)+$/.test(name) && !name.startsWith("litellm.");
}

function describe(name: string, path: Path): Problem {
  const file = `${name.split(".").slice(0, -1).join("/")}.py`;
  return {
    severity: "error",
    path,
    message: `${name} is code of your own in ${file}, but only this config reaches the service: LiteLLM does not start without it`,
    hint: "Remove it: a deploy brings no Python files to the service.",
  };
}
