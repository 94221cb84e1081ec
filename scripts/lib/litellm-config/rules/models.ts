import { suggest } from "../../cli/suggest.ts";
import {
  type ConfigView,
  type Deployment,
  asList,
  nameModel,
} from "../config-view.ts";
import { PROVIDERS, findProvider } from "../../settings/providers.ts";
import type { Problem } from "../finding.ts";
import {
  LITELLM_VERSION,
  findModel,
  findOtherModel,
  listModelNames,
} from "../model-map.ts";
import type { Mode, Rule, RuleContext } from "../rule.ts";
import { describeRetirement, warnOfRetirement } from "./retirement.ts";
import { ROUTER } from "./routers.ts";

const VERTEX = "vertex_ai";
const GEMINI = "gemini";
const GOOGLES = [VERTEX, GEMINI];

const CLIENT_MODES = new Set(["chat", "embedding"]);

/** Models that the mode cannot reach, that LiteLLM does not know, or that retire. */
export const checkModels: Rule = (config, context) => [
  ...config.deployments.flatMap((deployment) =>
    checkModel(deployment, context),
  ),
  ...checkMode(config, context),
];

/** A role that nothing uses. */
function checkMode(
  { value, deployments }: ConfigView,
  { mode }: RuleContext,
): Problem[] {
  const entries = Math.max(1, asList(value.model_list).length);
  const providers = deployments.map((one) => findProvider(nameModel(one)));
  // A name without a provider, or with one that is none, has a refusal of its own.
  const needed = providers.some(
    (provider) =>
      provider === undefined ||
      !PROVIDERS.includes(provider) ||
      provider.startsWith(VERTEX),
  );
  if (mode === "apikey" || needed || deployments.length < entries) return [];
  return [
    {
      severity: "warning",
      path: ["model_list"],
      at: "key",
      message:
        "no model goes through Vertex AI, and MODE=vertex gives the service's account a role there",
      hint: "Deploy with MODE=apikey.",
    },
  ];
}

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
  // Whatever LiteLLM has in its own list.
  if (model === "*") return [];
  const provider = findProvider(model);
  if (provider === undefined) {
    return [{ severity: "error", path, ...describeMissing(model, mode) }];
  }
  if (provider === VERTEX && mode === "apikey") {
    return [{ severity: "error", path, ...describeMisfit(model) }];
  }
  if (!GOOGLES.includes(provider)) {
    return [
      ...checkProvider(provider, model, deployment),
      ...warnOfRetirement(deployment, context),
    ].map((problem) => ({
      path,
      ...problem,
    }));
  }
  const other = findOtherModel(model);
  const isUsable =
    isDeclared(deployment) || CLIENT_MODES.has(other?.mode ?? "");
  const known = findModel(model) ?? (isUsable ? other : undefined);
  if (known !== undefined) {
    return describeRetirement(model, known.retires, context).map((problem) => ({
      path,
      ...problem,
    }));
  }
  if (model.includes("*") || isDeclared(deployment)) return [];
  const near = suggest(model, listModelNames(provider, today));
  return [
    {
      severity: "error",
      path,
      missing: [
        [...deployment.path, "model_info"],
        [...deployment.path, "litellm_params", "custom_llm_provider"],
      ],
      message: `${model} is no chat or embedding model that LiteLLM ${LITELLM_VERSION} knows`,
      hint:
        other !== undefined
          ? `LiteLLM has it for something else; if it is meant, say so: model_info: {mode: ${other.mode}}.`
          : `${near === undefined ? "" : `Did you mean ${near}? `}For a model that is newer, say what it is: model_info: {mode: chat}.`,
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

function describeMissing(
  model: string,
  mode: Mode,
): Pick<Problem, "message" | "hint"> {
  const wanted = `${mode === "vertex" ? VERTEX : GEMINI}/${model}`;
  return {
    message: `${model} names no provider`,
    hint:
      findModel(wanted) === undefined
        ? "LiteLLM has it in no list of its own: write PROVIDER/MODEL, such as openai/gpt-5.5."
        : `Write ${wanted}.`,
  };
}

/** With MODE=apikey the service's account has no role on Vertex AI. */
function describeMisfit(model: string): Pick<Problem, "message" | "hint"> {
  const wanted = `${GEMINI}/${model.split("/").at(-1) ?? ""}`;
  return {
    message: `${model} does not fit MODE=apikey: the service's account may not call Vertex AI`,
    hint:
      findModel(wanted) === undefined
        ? "Deploy with MODE=vertex."
        : `Write ${wanted}. Or deploy with MODE=vertex.`,
  };
}

/** Whatever a provider has may be newer than LiteLLM's list: only the provider is looked at. */
function checkProvider(
  provider: string,
  model: string,
  { params, path }: Deployment,
): Omit<Problem, "path">[] {
  if (PROVIDERS.includes(provider)) return [];
  const near = suggest(provider, PROVIDERS);
  return [
    {
      severity: "error",
      message: `${model}: LiteLLM ${LITELLM_VERSION} has no provider ${provider}`,
      hint:
        near === undefined
          ? `For an endpoint that speaks OpenAI's API write openai/${model}${"api_base" in params ? "" : ", and its api_base"}.`
          : `Did you mean ${near}/${model.split("/").slice(1).join("/")}?`,
      missing: [[...path, "litellm_params", "custom_llm_provider"]],
    },
  ];
}
