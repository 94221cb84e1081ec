import { scriptCommand } from "../cli/script-command.ts";
import { createHash } from "node:crypto";
import { InputError, UserError } from "../cli/errors.ts";
import {
  checkLitellmConfig,
  readLitellmConfig,
} from "./check-litellm-config.ts";
import type { ClientModel, LitellmConfig } from "./client-models.ts";
import type { Finding } from "./finding.ts";
import { formatFinding } from "./format-findings.ts";
import type { ConfigContent } from "./config-content.ts";
import { readConfigText } from "./read-config.ts";
import type { Settings } from "../settings/settings.ts";
import { toParameters } from "../manifest/parameters.ts";
import { listVariables } from "../manifest/render-manifest.ts";
import { say } from "../cli/terminal.ts";

export interface LoadedConfig extends ConfigContent {
  models: ClientModel[];
}

/**
 * The LiteLLM config of an env, checked. Prints what is doubtful.
 * Throws InputError with every error where there is one.
 */
export function loadConfig(settings: Settings, manifest: string): LoadedConfig {
  const file = settings.config;
  const { text, findings, config } = requireConfig(settings, manifest);
  for (const warning of findings) say(formatFinding(warning));
  const sha256 = createHash("sha256").update(text).digest("hex");
  return { file, sha256, models: config.models };
}

/** The same without a word: for an env that shares its config with another. */
export function requireConfig(
  settings: Settings,
  manifest: string,
): { text: string; findings: Finding[]; config: LitellmConfig } {
  const file = settings.config;
  const text = readConfigText(settings);
  const { findings, config } = checkLitellmConfig(text, {
    file,
    mode: settings.mode,
    env: settings.env,
    projectId: settings.projectId,
    provided: listVariables(
      manifest,
      settings,
      toParameters(settings, { configVersion: "", keys: {} }),
    ),
    today: new Date(),
  });
  if (config === undefined) throw refuse(file, findings);
  return { text, findings, config };
}

/**
 * The models that a deployed config offers. It was checked before it was
 * deployed, and it stays what is served when a model has retired since.
 */
export function listServedModels(text: string, secret: string): ClientModel[] {
  const config = readLitellmConfig(text);
  if (config !== undefined) return config.models;
  throw new UserError(`secret ${secret} holds no LiteLLM config`, {
    hint: `Deploy the config of this folder: ${scriptCommand("deploy")}`,
  });
}

function refuse(what: string, findings: Finding[]): InputError {
  const errors = findings.filter((f) => f.severity === "error").length;
  return new InputError(
    [
      `${what} has ${String(errors)} error${errors === 1 ? "" : "s"}:`,
      ...findings.map(formatFinding),
    ].join("\n"),
    { hint: "Check it again with: npm run validate" },
  );
}
