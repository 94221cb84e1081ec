import { afterEach, expect, test } from "vitest";
import { geminiOf, newGeminiApiKey } from "../../emulator/apis/gemini/state.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { NOTHING, takeInventory } from "../support/inventory.ts";
import { findService } from "../support/services.ts";

const PROJECT = "demo-litellm";
const ACCOUNT = `litellmsa@${PROJECT}.iam.gserviceaccount.com`;
const APIS = ["run", "secretmanager", "iam", "aiplatform"];
const MASTER_KEY = "sk-123456";

let emulator: TestEmulator;
afterEach(() => emulator.close());

/** The flow as it was before this project, with its image and its few words on errors. */
const flow = {
  deploy: (mode: string) => `
set -e
gcloud config set project $PROJECT_ID
gcloud services enable ${APIS.map((api) => `${api}.googleapis.com`).join(" ")}
gcloud iam service-accounts create litellmsa --display-name=litellm
for role in roles/aiplatform.user roles/secretmanager.secretAccessor; do
  gcloud projects add-iam-policy-binding $PROJECT_ID --member=serviceAccount:${ACCOUNT} --role=$role --condition=None
done
gcloud secrets create litellm-config --data-file=config/litellm.${mode}.yaml
gcloud run deploy litellm-proxy \\
  --image=docker.io/litellm/litellm:v1.80.8-stable.1 \\
  --args=--config,/secrets/config.yaml,--port,4000 --port=4000 \\
  --set-secrets=/secrets/config.yaml=litellm-config:latest \\
  --set-env-vars=LITELLM_MASTER_KEY=${MASTER_KEY},PROJECT_ID=$PROJECT_ID,REGION=global,GEMINI_API_KEY=$MY_GEMINI_KEY \\
  --service-account=${ACCOUNT} --cpu=1 --memory=1Gi --concurrency=4 \\
  --max-instances=8 --no-allow-unauthenticated --region=us-central1
gcloud run services add-iam-policy-binding litellm-proxy \\
  --member=allUsers --role=roles/run.invoker --region=us-central1`,
  update: (mode: string) => `
set -e
gcloud secrets versions add litellm-config --data-file=config/litellm.${mode}.yaml
gcloud run services update litellm-proxy --region=us-central1 \\
  --update-secrets=/secrets/config.yaml=litellm-config:latest`,
  ask: () => `
URL=$(gcloud run services describe litellm-proxy --region=us-central1 --format='value(status.url)')
curl --silent --fail-with-body "$URL/chat/completions" \\
  -H "Authorization: Bearer ${MASTER_KEY}" -H "Content-Type: application/json" \\
  -d '{"model": "gemini-3.5-flash", "messages": [{"role": "user", "content": "Say hello."}]}'`,
  clean: () => `
gcloud run services delete litellm-proxy --region=us-central1 --quiet
gcloud secrets delete litellm-config --quiet
for role in roles/aiplatform.user roles/secretmanager.secretAccessor; do
  gcloud projects remove-iam-policy-binding $PROJECT_ID --member=serviceAccount:${ACCOUNT} --role=$role --condition=None
done
gcloud iam service-accounts delete ${ACCOUNT} --quiet`,
};

test.each(["vertex", "apikey"])(
  "the bash flow deploys, answers, updates and cleans with %s",
  async (mode) => {
    emulator = await startTestEmulator();
    const env = {
      PROJECT_ID: PROJECT,
      MY_GEMINI_KEY: newGeminiApiKey(geminiOf(emulator.cloud)),
    };
    const type = async (input: string): Promise<string> => {
      const ran = await emulator.run("bash", [], { input, env });
      expectDone(ran);
      return ran.stdout;
    };
    await type(flow.deploy(mode));
    // Its log says that another version of LiteLLM stands in for this image.
    expect(emulator.lines.join("\n")).toContain("v1.80.8-stable.1");
    expect(await type(flow.ask())).toContain("This is gemini-3.5-flash");

    await type(flow.update(mode));
    expect(findService(emulator)?.revisions.size).toBe(2);
    expect(await type(flow.ask())).toContain("This is gemini-3.5-flash");

    await type(flow.clean());
    expect(takeInventory(emulator)).toMatchObject(NOTHING);
  },
  300_000,
);
