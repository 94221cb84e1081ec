import { findRetirement } from "../../settings/providers.ts";
import {
  type Deployment,
  type Mapping,
  asText,
  nameModel,
} from "../config-view.ts";
import type { Problem } from "../finding.ts";
import type { RuleContext } from "../rule.ts";

/** Days before a retirement from which it is worth a warning. */
const NOTICE_DAYS = 60;

/** Where these name an endpoint, what a model's name means there is known there alone. */
const ENDPOINTS = ["api_base", "base_url"];

type Retirement = Omit<Problem, "path">;

/** `retires`: the day on which Google stops answering; undefined: none is known. */
export function describeRetirement(
  model: string,
  retires: string | undefined,
  { today }: RuleContext,
): Retirement[] {
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

/** Of another provider's model, by LiteLLM's list alone: whether it still answers nobody here has seen. */
export function warnOfRetirement(
  deployment: Deployment,
  context: RuleContext,
): Retirement[] {
  const model = realModel(deployment);
  if (model === undefined) return [];
  return describeRetirement(model, findRetirement(model), context).map(
    (problem) => ({ ...problem, severity: "warning" }),
  );
}

/** What answers: on Azure the name is a deployment's, and `base_model` says of which model. */
function realModel(deployment: Deployment): string | undefined {
  const { params, info } = deployment;
  const base = asText(info.base_model) ?? asText(params.base_model);
  if (base !== undefined) return base;
  const model = nameModel(deployment);
  if (/^azure(_text)?\//.test(model)) return undefined;
  return hasEndpoint(params) ? undefined : model;
}

function hasEndpoint(params: Mapping): boolean {
  return ENDPOINTS.some((key) => asText(params[key]) !== undefined);
}
