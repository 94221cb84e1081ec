import { type LitellmConfig, summarize } from "./client-models.ts";
import { dropNulls, isMapping, viewConfig } from "./config-view.ts";
import { joinTopics, keepCauses } from "./causes.ts";
import type { ConfigText } from "./config-set.ts";
import type { Finding, Problem } from "./finding.ts";
import { checkIncludes } from "./includes.ts";
import { type Source, mergeConfig } from "./merged-config.ts";
import type { Mode, Rule, RuleContext } from "./rule.ts";
import { checkCallbacks } from "./rules/callbacks.ts";
import { checkCredentials } from "./rules/credentials.ts";
import { checkDuplicates } from "./rules/deployments.ts";
import { checkDatabase } from "./rules/database.ts";
import { checkEnterprise } from "./rules/enterprise.ts";
import { checkForgotten, checkOtherFiles, checkSize } from "./other-files.ts";
import { checkGuardrails } from "./rules/guardrails.ts";
import { checkMasterKey } from "./rules/master-key.ts";
import { checkMcpServers } from "./rules/mcp-servers.ts";
import { checkOwnCode } from "./rules/own-code.ts";
import { checkParams } from "./rules/misspelt-params.ts";
import { checkAliases } from "./rules/aliases.ts";
import { checkFallbackKinds } from "./rules/fallback-kinds.ts";
import { checkFallbacks } from "./rules/fallbacks.ts";
import { checkModels } from "./rules/models.ts";
import { checkRedis } from "./rules/redis.ts";
import { checkReferences } from "./rules/references.ts";
import { checkRouters } from "./rules/routers.ts";
import { checkRouting } from "./rules/routing.ts";
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
  checkOwnCode,
  checkDatabase,
  checkCallbacks,
  checkCredentials,
  checkGuardrails,
  checkMcpServers,
  checkRedis,
  checkRouters,
  checkRouting,
];

export interface ConfigContext {
  /** How findings name the file. */
  file: string;
  mode: Mode;
  /** What lies beside it where CONFIG is a directory; undefined: it comes alone. */
  others?: readonly ConfigText[] | undefined;
  /** Names in the environment of the service. */
  provided: ReadonlySet<string>;
  /** The env that deploys it; undefined: any may. */
  env?: string;
  /** That env's project. */
  projectId?: string;
  today: Date;
}

/**
 * Everything that is wrong with a LiteLLM config, in the order of the files, and
 * what the config offers to clients unless there is an error. Never throws.
 */
export function checkLitellmConfig(
  text: string,
  context: ConfigContext,
): { findings: Finding[]; config: LitellmConfig | undefined } {
  const { file, mode, others } = context;
  const merged = mergeConfig({ file, text }, others ?? []);
  const value = dropNulls(merged.value);
  const view = viewConfig(value);
  const rules: RuleContext = {
    mode,
    provided: context.provided,
    files: others && new Map(others.map((other) => [other.name, other.text])),
    env: context.env,
    projectId: context.projectId,
    today: context.today.toISOString().slice(0, 10),
  };
  const { sources } = merged;
  const included = new Set(sources.map(({ name }) => name));
  const includes = checkIncludes(
    merged,
    others?.map(({ name }) => name),
  );
  const isWhole = includes.every(({ severity }) => severity !== "error");
  const problems: Problem[] = [];
  // Without what should be included, what is missing has that cause.
  if (isWhole && value !== undefined) problems.push(...checkSchema(value));
  if (isWhole && isMapping(value)) {
    problems.push(...RULES.flatMap((rule) => rule(view, rules)));
  }
  const order = [file, ...(others ?? []).map((other) => other.file)];
  const byPlace = (a: Finding, b: Finding) =>
    order.indexOf(a.file) - order.indexOf(b.file) ||
    a.line - b.line ||
    a.column - b.column;
  const told = keepCauses(problems)
    .map(({ topic, ...problem }) => ({
      finding: merged.locate(problem),
      topic,
    }))
    .sort((a, b) => byPlace(a.finding, b.finding));
  const findings = [
    ...checkSize(
      sources[0],
      "Leave out comments and models that nobody asks for.",
    ),
    ...sources.flatMap((source) => checkSource(source, mode)),
    ...includes,
    ...checkOtherFiles(others ?? [], included),
    ...(isWhole ? checkForgotten(others ?? [], included) : []),
    ...joinTopics(told),
  ].sort(byPlace);
  const valid = findings.every(({ severity }) => severity !== "error");
  return { findings, config: valid ? summarize(view) : undefined };
}

/**
 * What a config offers to clients, whatever else may be wrong with it: for one
 * that is already deployed. Undefined when it is not readable.
 */
export function readLitellmConfig(
  text: string,
  others: readonly ConfigText[] = [],
): LitellmConfig | undefined {
  const { value } = mergeConfig({ file: "", text }, others);
  return isMapping(value) ? summarize(viewConfig(dropNulls(value))) : undefined;
}

function checkSource({ file, text, document }: Source, mode: Mode): Finding[] {
  return [...document.findings, ...findSecrets(text, document, mode)].map(
    (found) => ({ file, ...found }),
  );
}
