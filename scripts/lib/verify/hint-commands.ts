import type { VerifyTarget } from "./target.ts";

// Commands that hints name; each is a line of its own, to be pasted.

export function deployAgain(t: VerifyTarget): string {
  return `npx tsx scripts/deploy.ts ${t.env}`;
}

export function describeService(t: VerifyTarget): string {
  return `gcloud run services describe ${t.service} ${place(t)}`;
}

/** `gcloud run services logs read` (528) crashes on lines that are JSON, as LiteLLM's are. */
export function readLogs(t: VerifyTarget): string {
  return `gcloud logging read 'resource.type=cloud_run_revision AND resource.labels.service_name=${t.service} AND resource.labels.location=${t.region}' --project=${t.projectId} --limit=50 --format='value(textPayload,jsonPayload.message)'`;
}

export function addInvoker(t: VerifyTarget): string {
  return `gcloud run services add-iam-policy-binding ${t.service} ${place(t)} --member="user:$(gcloud config get account)" --role=roles/run.invoker`;
}

export function addVertexRole(t: VerifyTarget): string {
  return `gcloud projects add-iam-policy-binding ${t.projectId} --member=serviceAccount:${t.serviceAccount} --role=roles/aiplatform.user --condition=None`;
}

export function describeAccount(t: VerifyTarget): string {
  return `gcloud iam service-accounts describe ${t.serviceAccount} --project=${t.projectId}`;
}

export function enableApi(t: VerifyTarget, api: string): string {
  return `gcloud services enable ${api} --project=${t.projectId}`;
}

export function storeGeminiKey(t: VerifyTarget): string {
  return `printf %s "$GEMINI_API_KEY" | gcloud secrets versions add ${t.geminiKeySecret} --project=${t.projectId} --data-file=-`;
}

function place(t: VerifyTarget): string {
  return `--region=${t.region} --project=${t.projectId}`;
}
