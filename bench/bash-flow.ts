/** The bash flow that this project ports, as the commands that it types. */

export type Phase = "first" | "again" | "change" | "clean";

interface Place {
  projectId: string;
  region: string;
}

/** Bash, as the flow had it. Run again it goes on after what fails; elsewhere a failure would spoil the figures. */
export function bashFlow(place: Place): Record<Phase, string> {
  const deploy = typeDeploy(place);
  return {
    first: strictly(deploy),
    again: deploy,
    change: strictly(typeChange(place)),
    clean: strictly(typeClean(place)),
  };
}

function strictly(script: string): string {
  return `set -e\n${script}`;
}

function typeDeploy({ projectId, region }: Place): string {
  const account = `litellmsa@${projectId}.iam.gserviceaccount.com`;
  const bind = `gcloud projects add-iam-policy-binding ${projectId} --member=serviceAccount:${account} --condition=None`;
  return `
gcloud config set project ${projectId}
gcloud iam service-accounts create litellmsa --display-name=litellm
${bind} --role=roles/aiplatform.user
${bind} --role=roles/secretmanager.secretAccessor
gcloud secrets create litellm-config --data-file=config/litellm.vertex.yaml
gcloud run deploy litellm-proxy \\
  --image=docker.io/litellm/litellm:v1.108.14 \\
  --args=--config,/secrets/config.yaml,--port,4000 --port=4000 \\
  --set-secrets=/secrets/config.yaml=litellm-config:latest \\
  --set-env-vars=LITELLM_MASTER_KEY=sk-123456,PROJECT_ID=${projectId},REGION=global \\
  --service-account=${account} --cpu=1 --memory=1Gi --concurrency=4 \\
  --max-instances=8 --no-allow-unauthenticated --region=${region}
gcloud run services add-iam-policy-binding litellm-proxy \\
  --member=allUsers --role=roles/run.invoker --region=${region}
`;
}

function typeChange({ region }: Place): string {
  return `
gcloud secrets versions add litellm-config --data-file=config/litellm.vertex.yaml
gcloud run services update litellm-proxy --region=${region} \\
  --update-secrets=/secrets/config.yaml=litellm-config:latest
`;
}

function typeClean({ projectId, region }: Place): string {
  const account = `litellmsa@${projectId}.iam.gserviceaccount.com`;
  const unbind = `gcloud projects remove-iam-policy-binding ${projectId} --member=serviceAccount:${account} --condition=None`;
  return `
gcloud run services delete litellm-proxy --region=${region} --quiet
gcloud secrets delete litellm-config --quiet
${unbind} --role=roles/aiplatform.user
${unbind} --role=roles/secretmanager.secretAccessor
gcloud iam service-accounts delete ${account} --quiet
`;
}
