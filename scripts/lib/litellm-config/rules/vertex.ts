import {
  type ConfigView,
  type Deployment,
  type Mapping,
  asList,
  asMapping,
  nameModel,
  section,
} from "../config-view.ts";
import type { Path, Problem, Severity } from "../finding.ts";
import type { Rule } from "../rule.ts";

/** A Vertex AI deployment without location is called in us-central1, where new models do not live. */
export const checkVertex: Rule = (config, { mode, provided }) => {
  if (mode !== "vertex") return [];
  const settings = section(config.value, "litellm_settings");
  const lacks = (keys: string[], variables: string[]): Deployment[] =>
    config.deployments.filter(
      (deployment) =>
        /^vertex_ai(_beta)?\//.test(nameModel(deployment)) &&
        ![
          ...keys.map((key) => deployment.params[key]),
          ...keys.map((key) => credentialOf(deployment, config)[key]),
          settings[keys[0] ?? ""],
        ].some(Boolean) &&
        !variables.some((name) => provided.has(name)),
    );
  return [
    ...describe(
      config,
      lacks(
        ["vertex_location", "vertex_ai_location"],
        ["VERTEXAI_LOCATION", "VERTEX_LOCATION"],
      ),
      "vertex_location",
      "error",
      "no vertex_location: LiteLLM would ask us-central1, where new models do not live",
      "Set litellm_settings.vertex_location: os.environ/REGION",
    ),
    ...describe(
      config,
      lacks(["vertex_project", "vertex_ai_project"], ["VERTEXAI_PROJECT"]),
      "vertex_project",
      "warning",
      "no vertex_project: LiteLLM would take the one of the credentials that it finds",
      "Set litellm_settings.vertex_project: os.environ/PROJECT_ID",
    ),
  ];
};

/** What the credential that a deployment names gives it. */
function credentialOf({ params }: Deployment, { value }: ConfigView): Mapping {
  const entry = asList(value.credential_list)
    .map(asMapping)
    .find((one) => one.credential_name === params.litellm_credential_name);
  return section(entry ?? {}, "credential_values");
}

/** Where a deployment that names a credential could have this of it. */
function listCredentialPlaces(
  { path, params }: Deployment,
  value: Mapping,
  key: string,
): Path[] {
  const name = "litellm_credential_name";
  if (!(name in params)) return [];
  return [
    [...path, "litellm_params", name],
    ...asList(value.credential_list).map((_, index) => [
      "credential_list",
      index,
      "credential_values",
      key,
    ]),
  ];
}

/** One problem for all of them: one line mends them. */
function describe(
  { value }: ConfigView,
  deployments: readonly Deployment[],
  key: string,
  severity: Severity,
  message: string,
  hint: string,
): Problem[] {
  const [first, ...others] = deployments;
  if (first === undefined) return [];
  const also = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return [
    {
      severity,
      path: [...first.path, "litellm_params"],
      at: "key",
      message: `${first.name}${also} has ${message}`,
      hint: `${hint}.`,
      missing: [
        ["litellm_settings", key],
        ...deployments.flatMap((one) => [
          [...one.path, "litellm_params", key],
          ...listCredentialPlaces(one, value, key),
        ]),
      ],
    },
  ];
}
