import { MODEL_LOCATIONS, widerThan } from "../google/model-locations.ts";
import type { FailureFacts } from "./failure.ts";
import * as command from "./hint-commands.ts";
import type { VerifyTarget } from "./target.ts";

export function hintPermission(
  t: VerifyTarget,
  { project = t.projectId }: FailureFacts,
): string[] {
  if (t.mode === "apikey") {
    return [
      "The Gemini key may not be used for this: check its restrictions, or store another one (aistudio.google.com/apikey), and deploy again:",
      command.storeGeminiKey(t),
      command.deployAgain(t),
    ];
  }
  if (project !== t.projectId) {
    return [
      `The config has this model in ${project}, and a deploy gives ${t.serviceAccount} a role in ${t.projectId} alone. Write os.environ/PROJECT_ID for its vertex_project, or have it given the role there:`,
      command.addVertexRole({ ...t, projectId: project }),
    ];
  }
  return [
    `${t.serviceAccount} needs roles/aiplatform.user. A new role takes some minutes to be seen. Deploying gives it, and so does:`,
    command.addVertexRole(t),
  ];
}

export function hintApi(t: VerifyTarget, facts: FailureFacts): string[] {
  const api =
    facts.api ??
    (t.mode === "vertex"
      ? "aiplatform.googleapis.com"
      : "generativelanguage.googleapis.com");
  const where =
    t.mode === "apikey" ? " (in the project that the Gemini key is from)" : "";
  return [
    `Enable the API${where}; a new one takes some minutes:`,
    command.enableApi(t, api),
  ];
}

export function hintCredentials(t: VerifyTarget): string[] {
  if (t.mode === "apikey") return hintGeminiKey(t);
  return [
    "The service has no usable identity. Is its account there and enabled? Then deploy again:",
    command.describeAccount(t),
    command.deployAgain(t),
  ];
}

export function hintGeminiKey(t: VerifyTarget): string[] {
  return [
    "Store a valid Gemini key (aistudio.google.com/apikey) and deploy again:",
    command.storeGeminiKey(t),
    command.deployAgain(t),
  ];
}

export function hintModelNotFound(
  t: VerifyTarget,
  facts: FailureFacts,
): string[] {
  if (t.mode === "apikey") {
    return [
      "The Gemini API has no such model for this key: check its name in the config, and whether it is retired.",
    ];
  }
  const location = facts.location ?? t.modelRegion;
  const model = facts.model?.split("/").at(-1) ?? "such model";
  const missing = `There is no ${model} in location ${location} for ${t.projectId}`;
  const [wider] = widerThan(location);
  if (wider === undefined) {
    return [
      `${missing}: check its name in the config, whether it is retired, lives elsewhere, or has to be requested. Which location has which model: ${MODEL_LOCATIONS}`,
    ];
  }
  return [
    `${missing}. Regions get no new models; ${joinOr(widerThan(location))} may have it (${MODEL_LOCATIONS}). Set MODEL_REGION=${wider} in envs/${t.env}.env, or vertex_location: ${wider} on the deployment, and deploy again:`,
    command.deployAgain(t),
  ];
}

function joinOr(names: readonly string[]): string {
  return names.join(" or ");
}

export function hintQuota(t: VerifyTarget, facts: FailureFacts): string[] {
  if (t.mode === "apikey") {
    return [
      "Gemini is busy, or the Gemini key is over its quota: wait and run verify again, or enable billing for the key's project (aistudio.google.com/usage).",
    ];
  }
  const location = facts.location ?? t.modelRegion;
  const wider = widerThan(location);
  const more =
    wider.length === 0
      ? ""
      : ` MODEL_REGION=${joinOr(wider)} may have more of it.`;
  return [
    `The model is busy or over quota in location ${location} (capacity is shared): wait and run verify again.${more}`,
    `Limits: https://console.cloud.google.com/iam-admin/quotas?project=${t.projectId}`,
  ];
}
