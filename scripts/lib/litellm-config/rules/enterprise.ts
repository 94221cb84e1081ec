import { type Mapping, asList, section } from "../config-view.ts";
import type { Path, Problem, Severity } from "../finding.ts";
import type { Rule } from "../rule.ts";

type Effect = readonly [severity: Severity, effect: string];

/** What LiteLLM 1.108.14 does with a key of its enterprise edition, without a license. */
const NO_START: Effect = ["error", "LiteLLM does not start with it"];
const NO_CALLS: Effect = ["error", "LiteLLM refuses the calls that need it"];
const NO_EFFECT: Effect = ["warning", "LiteLLM ignores it"];

const KEYS: readonly [section: string, key: string, effect: Effect][] = [
  ["general_settings", "allowed_ips", NO_START],
  ["general_settings", "enforced_params", NO_START],
  ["general_settings", "enable_jwt_auth", NO_CALLS],
  ["general_settings", "enable_oauth2_auth", NO_CALLS],
  ["general_settings", "admin_only_routes", NO_EFFECT],
  [
    "general_settings",
    "allowed_routes",
    ["warning", "LiteLLM logs an error for each call"],
  ],
  [
    "general_settings",
    "block_robots",
    ["warning", "/robots.txt answers with an error"],
  ],
  ["general_settings", "max_request_size_mb", NO_EFFECT],
  ["general_settings", "max_response_size_mb", NO_EFFECT],
  ["general_settings", "public_routes", NO_EFFECT],
  ["litellm_settings", "priority_reservation", NO_EFFECT],
  ["litellm_settings", "store_audit_logs", NO_EFFECT],
];

const KEY_MANAGERS = new Set([
  "google_secret_manager",
  "aws_secret_manager",
  "hashicorp_vault",
  "cyberark",
]);

const NO_CALLBACK: Effect = ["error", "LiteLLM refuses to run it"];

const CALLBACKS = new Set([
  "llamaguard_moderations",
  "hide_secrets",
  "openai_moderations",
  "google_text_moderation",
  "llmguard_moderations",
  "blocked_user_check",
  "banned_keywords",
  "gcs_bucket",
  "gcs_pubsub",
  "azure_storage",
]);

const CALLBACK_LISTS = ["callbacks", "success_callback", "failure_callback"];

/** Keys that only LiteLLM's enterprise edition honours. A license makes them right. */
export const checkEnterprise: Rule = ({ value }, { provided }) => {
  const general = section(value, "general_settings");
  if (
    provided.has("LITELLM_LICENSE") ||
    general.litellm_license !== undefined
  ) {
    return [];
  }
  return [
    ...KEYS.filter(([name, key]) => isOn(section(value, name)[key])).map(
      ([name, key, effect]) => describe([name, key], key, effect),
    ),
    ...(isOn(value.worker_registry)
      ? [describe(["worker_registry"], "worker_registry", NO_START)]
      : []),
    ...checkKeyManager(general),
    ...checkCallbacks(section(value, "litellm_settings")),
  ];
};

function isOn(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}

function checkKeyManager(general: Mapping): Problem[] {
  const system = general.key_management_system;
  if (typeof system !== "string" || !KEY_MANAGERS.has(system)) return [];
  const path = ["general_settings", "key_management_system"];
  return [describe(path, system, NO_START)];
}

function checkCallbacks(settings: Mapping): Problem[] {
  return CALLBACK_LISTS.flatMap((list) =>
    asList(settings[list]).flatMap((name, index) =>
      typeof name === "string" && CALLBACKS.has(name)
        ? [describe(["litellm_settings", list, index], name, NO_CALLBACK)]
        : [],
    ),
  );
}

function describe(
  path: Path,
  name: string,
  [severity, effect]: Effect,
): Problem {
  return {
    severity,
    path,
    at: "key",
    message: `${name} belongs to LiteLLM's enterprise edition: ${effect}`,
    hint: "Remove it, or give the service a LITELLM_LICENSE.",
  };
}
