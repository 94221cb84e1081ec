import type { FailureFacts } from "./failure.ts";
import * as command from "./hint-commands.ts";
import type { VerifyTarget } from "./target.ts";

export function hintPermission(t: VerifyTarget): string[] {
  if (t.mode === "apikey") {
    return [
      "The Gemini key may not be used for this: check its restrictions, or store another one (aistudio.google.com/apikey), and deploy again:",
      command.storeGeminiKey(t),
      command.deployAgain(t),
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
  if (location === "global") {
    return [
      `There is no such model in location global for ${t.projectId}: check its name in the config, whether it is retired, lives in regions only, or has to be requested.`,
    ];
  }
  return [
    `There is no such model in location ${location}: new models live in global only. Set MODEL_REGION=global in envs/${t.env}.env, or vertex_location: global on the deployment, and deploy again:`,
    command.deployAgain(t),
  ];
}

export function hintQuota(t: VerifyTarget, facts: FailureFacts): string[] {
  if (t.mode === "apikey") {
    return [
      "Gemini is busy, or the Gemini key is over its quota: wait and run verify again, or enable billing for the key's project (aistudio.google.com/usage).",
    ];
  }
  const location = facts.location ?? t.modelRegion;
  return [
    `The model is busy or over quota in location ${location} (capacity is shared): wait and run verify again.${location === "global" ? "" : " MODEL_REGION=global has more of it."}`,
    `Limits: https://console.cloud.google.com/iam-admin/quotas?project=${t.projectId}`,
  ];
}
