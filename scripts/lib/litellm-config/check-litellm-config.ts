import { type LitellmConfig, summarize } from "./client-models.ts";
import { dropNulls, isMapping, viewConfig } from "./config-view.ts";
import { readDocument } from "./document.ts";
import type { Finding, Located, Problem } from "./finding.ts";
import type { Mode, Rule, RuleContext } from "./rule.ts";
import { checkDuplicates } from "./rules/deployments.ts";
import { checkDatabase } from "./rules/database.ts";
import { checkEnterprise } from "./rules/enterprise.ts";
import { checkInclude } from "./rules/include.ts";
import { checkMasterKey } from "./rules/master-key.ts";
import { checkOwnCode } from "./rules/own-code.ts";
import { checkParams } from "./rules/misspelt-params.ts";
import { checkAliases } from "./rules/aliases.ts";
import { checkFallbackKinds } from "./rules/fallback-kinds.ts";
import { checkFallbacks } from "./rules/fallbacks.ts";
import { checkModels } from "./rules/models.ts";
import { checkReferences } from "./rules/references.ts";
import { findSecrets } from "./secrets.ts";
import { checkOtherProject } from "./rules/other-project.ts";
import { checkVertex } from "./rules/vertex.ts";
import { checkSchema } from "./schema.ts";

const RULES: readonly Rule[] = [
  checkReferences,
  checkMasterKey,
  checkModels,
  checkVertex,
  checkOtherProject,
  checkDuplicates,
  checkAliases,
  checkFallbacks,
  checkFallbackKinds,
  checkParams,
  checkEnterprise,
  checkInclude,
  checkOwnCode,
  checkDatabase,
];

/** Bytes of a secret's version (Secret Manager, "Quotas and limits"). */
const MAX_BYTES = 64 * 1024;

export interface ConfigContext {
  /** How findings name the file. */
  file: string;
  mode: Mode;
  /** Names in the environment of the service. */
  provided: ReadonlySet<string>;
  /** The env that deploys it; undefined: any may. */
  env?: string;
  /** That env's project. */
  projectId?: string;
  today: Date;
}

/**
 * Everything that is wrong with a LiteLLM config, in the order of the file, and
 * what the config offers to clients unless there is an error. Never throws.
 */
export function checkLitellmConfig(
  text: string,
  context: ConfigContext,
): { findings: Finding[]; config: LitellmConfig | undefined } {
  const document = readDocument(text);
  const value = dropNulls(document.value);
  const view = viewConfig(value);
  const rules: RuleContext = {
    mode: context.mode,
    provided: context.provided,
    env: context.env,
    projectId: context.projectId,
    today: context.today.toISOString().slice(0, 10),
  };
  const problems: Problem[] = [];
  if (value !== undefined) problems.push(...checkSchema(value));
  if (isMapping(value)) {
    problems.push(...RULES.flatMap((rule) => rule(view, rules)));
  }
  const findings = [
    ...checkSize(text),
    ...document.findings,
    ...findSecrets(text, document, context.mode),
    ...problems.map((problem) => document.locate(problem)),
  ]
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .map((finding) => ({ file: context.file, ...finding }));
  const valid = findings.every(({ severity }) => severity !== "error");
  return { findings, config: valid ? summarize(view) : undefined };
}

/**
 * What a config offers to clients, whatever else may be wrong with it: for one
 * that is already deployed. Undefined when it is not readable.
 */
export function readLitellmConfig(text: string): LitellmConfig | undefined {
  const { value } = readDocument(text);
  return isMapping(value) ? summarize(viewConfig(dropNulls(value))) : undefined;
}

function checkSize(text: string): Located[] {
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_BYTES) return [];
  return [
    {
      severity: "error",
      line: 1,
      column: 1,
      message: `${bytes} bytes: Secret Manager takes at most ${MAX_BYTES}`,
      hint: "Leave out comments and models that nobody asks for.",
    },
  ];
}
