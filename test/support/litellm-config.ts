import path from "node:path";
import { checkLitellmConfig } from "../../scripts/lib/litellm-config/check-litellm-config.ts";
import { readConfigSet } from "../../scripts/lib/litellm-config/config-set.ts";
import {
  NOTHING_NAMED,
  listReferences,
  readNamedVariables,
} from "../../scripts/lib/settings/named-variables.ts";
import { listKeys } from "../../scripts/lib/settings/variables.ts";
import type { Finding } from "../../scripts/lib/litellm-config/finding.ts";
import type { Mode } from "../../scripts/lib/litellm-config/rule.ts";

/** A day on which every model of the configs in the tests still answers. */
const TODAY = "2026-11-24";

const PROVIDED = ["LITELLM_MASTER_KEY", "PROJECT_ID", "REGION"];

/** What the service has because the config names it. */
function keysOf(text: string): string[] {
  const references = listReferences(text);
  return listKeys({ ...NOTHING_NAMED, references }).map((k) => k.variable);
}

export interface Circumstances {
  mode?: Mode;
  /** Further names in the service's environment. */
  provided?: string[];
  today?: string;
  /** The env that deploys it; any may where there is none. */
  env?: string;
  /** That env's project. */
  projectId?: string;
}

export function check(
  text: string,
  {
    mode = "vertex",
    provided = [],
    today = TODAY,
    env,
    projectId,
  }: Circumstances = {},
): ReturnType<typeof checkLitellmConfig> {
  return checkLitellmConfig(text, {
    file: "config.yaml",
    mode,
    provided: new Set([...PROVIDED, ...keysOf(text), ...provided]),
    today: new Date(today),
    ...(env !== undefined && { env }),
    ...(projectId !== undefined && { projectId }),
  });
}

/** `2:5 error: message`, one a finding. */
export function list(text: string, circumstances?: Circumstances): string[] {
  return check(text, circumstances).findings.map(formatShort);
}

/** The hints alone. */
export function listHints(
  text: string,
  circumstances?: Circumstances,
): string[] {
  return check(text, circumstances).findings.map(({ hint }) => hint);
}

function formatShort({ line, column, severity, message }: Finding): string {
  return `${line}:${column} ${severity}: ${message}`;
}

interface Parts {
  models?: string;
  litellm?: string;
  router?: string;
  general?: string;
  more?: string;
}

/**
 * A config that is right but for the parts that a test gives. The model list
 * starts in line 2, and each section's additions stand at its end.
 */
export function write(parts: Parts): string {
  return [
    "model_list:",
    parts.models ?? MODELS,
    "litellm_settings:",
    "  vertex_project: os.environ/PROJECT_ID",
    "  vertex_location: os.environ/REGION",
    ...add(parts.litellm),
    "general_settings:",
    "  master_key: os.environ/LITELLM_MASTER_KEY",
    ...add(parts.general),
    ...(parts.router === undefined ? [] : ["router_settings:", parts.router]),
    ...add(parts.more),
    "",
  ].join("\n");
}

/** Two lines. */
const MODELS = `  - {model_name: flash, litellm_params: {model: vertex_ai/gemini-3.8-flash}}
  - {model_name: pro, litellm_params: {model: vertex_ai/gemini-4-argon}}`;

function add(text: string | undefined): string[] {
  return text === undefined ? [] : [text];
}

/** What the check says of a CONFIG that is a directory. */
export function checkSet(
  directory: string,
): ReturnType<typeof checkLitellmConfig> {
  const { main = "", file, others, findings } = readConfigSet(directory);
  const { references } = readNamedVariables(directory);
  const keys = listKeys({ ...NOTHING_NAMED, references });
  const checked = checkLitellmConfig(main, {
    file,
    others,
    mode: "vertex",
    provided: new Set([...PROVIDED, ...keys.map((k) => k.variable)]),
    today: new Date(TODAY),
  });
  return { ...checked, findings: [...findings, ...checked.findings] };
}

/** `models.yaml:2:5 error: message`, one a finding. */
export function listOfSet(directory: string): string[] {
  return checkSet(directory).findings.map(
    (finding) => `${path.basename(finding.file)}:${formatShort(finding)}`,
  );
}
