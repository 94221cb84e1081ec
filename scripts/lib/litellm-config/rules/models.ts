import { suggest } from "../../cli/suggest.ts";
import { type Deployment, nameModel } from "../config-view.ts";
import type { Problem } from "../finding.ts";
import { LITELLM_VERSION, findModel, listModelNames } from "../model-map.ts";
import type { Mode, Rule, RuleContext } from "../rule.ts";

const PROVIDERS: Readonly<Record<Mode, string>> = {
  vertex: "vertex_ai",
  apikey: "gemini",
};

/** A router of LiteLLM's own, over other names of the same config. */
const ROUTER = "auto_router/";

/** Days before a retirement from which it is worth a warning. */
const NOTICE_DAYS = 60;

/** Models that the mode cannot reach, that LiteLLM does not know, or that retire. */
export const checkModels: Rule = ({ deployments }, context) =>
  deployments.flatMap((deployment) => checkModel(deployment, context));

function checkModel(deployment: Deployment, context: RuleContext): Problem[] {
  const { mode, today } = context;
  const model = nameModel(deployment).replace(
    /^vertex_ai_beta\//,
    "vertex_ai/",
  );
  const path = [...deployment.path, "litellm_params", "model"];
  if (model.startsWith(ROUTER) || (mode === "vertex" && isTuned(model))) {
    return [];
  }
  if (!model.startsWith(`${PROVIDERS[mode]}/`)) {
    return [{ severity: "error", path, ...describeMisfit(model, mode) }];
  }
  const known = findModel(model);
  if (known !== undefined) {
    return describeRetirement(model, known.retires, context).map((problem) => ({
      path,
      ...problem,
    }));
  }
  if (model.includes("*") || isDeclared(deployment)) return [];
  const near = suggest(model, listModelNames(PROVIDERS[mode], today));
  return [
    {
      severity: "error",
      path,
      message: `${model} is no chat or embedding model that LiteLLM ${LITELLM_VERSION} knows`,
      hint: `${near === undefined ? "" : `Did you mean ${near}? `}For a model that is newer, say what it is: model_info: {mode: chat}.`,
    },
  ];
}

/** An endpoint on Vertex AI, by its number: which model it has only Google knows. */
function isTuned(model: string): boolean {
  return /^vertex_ai\/((gemini|openai)\/)?\d+$/.test(model);
}

/** The operator vouches for a model that LiteLLM's list does not have yet. */
function isDeclared({ info }: Deployment): boolean {
  return "mode" in info || "base_model" in info;
}

function describeMisfit(
  model: string,
  mode: Mode,
): Pick<Problem, "message" | "hint"> {
  const wanted = `${PROVIDERS[mode]}/${model.split("/").at(-1) ?? ""}`;
  const hint =
    findModel(wanted) === undefined
      ? `Its models are called ${PROVIDERS[mode]}/….`
      : `Write ${wanted}.`;
  const other = mode === "vertex" ? "apikey" : "vertex";
  if (model.startsWith(`${PROVIDERS[other]}/`)) {
    return {
      message: `${model} does not fit MODE=${mode}`,
      hint: `${hint} Or deploy with MODE=${other}.`,
    };
  }
  return {
    message: model.includes("/")
      ? `${model} does not fit MODE=${mode}: the service has no access to that provider`
      : `${model} names no provider`,
    hint,
  };
}

function describeRetirement(
  model: string,
  retires: string | undefined,
  { today }: RuleContext,
): Omit<Problem, "path">[] {
  if (retires === undefined) return [];
  const days = Math.round(
    (Date.parse(retires) - Date.parse(today)) / 86_400_000,
  );
  if (days > NOTICE_DAYS) return [];
  const hint =
    "Take a current model, and keep the old name for clients as an alias (router_settings.model_group_alias).";
  if (days > 0) {
    return [
      {
        severity: "warning",
        message: `${model} retires on ${retires}, in ${days} ${days === 1 ? "day" : "days"}`,
        hint,
      },
    ];
  }
  return [
    { severity: "error", message: `${model} was retired on ${retires}`, hint },
  ];
}
