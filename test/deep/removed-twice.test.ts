import { afterAll, beforeAll, expect, test } from "vitest";
import { deleteAccount } from "../../scripts/lib/google/commands/accounts.ts";
import { deleteRepository } from "../../scripts/lib/google/commands/artifacts.ts";
import { deleteTrigger } from "../../scripts/lib/google/commands/builds.ts";
import {
  deletePipeline,
  deleteTarget,
} from "../../scripts/lib/google/commands/deploy.ts";
import { removeGrant } from "../../scripts/lib/google/commands/policies.ts";
import { deleteService } from "../../scripts/lib/google/commands/run.ts";
import { deleteSecret } from "../../scripts/lib/google/commands/secrets.ts";
import { deleteBucket } from "../../scripts/lib/google/commands/storage.ts";
import { type Command, GcloudError } from "../../scripts/lib/google/gcloud.ts";
import { removalStep } from "../../scripts/lib/plan/step.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";

// What is gone already, by gcloud's own words: gcloud repeats a deletion whose answer was lost.

const projectId = "demo-litellm";
const region = "us-central1";
const email = `litellmsa@${projectId}.iam.gserviceaccount.com`;
const place = {
  projectId,
  region,
  pipeline: "litellm",
  bucket: `${projectId}-litellm-cloudrun`,
  repository: "litellm",
  images: `${region}-docker.pkg.dev/${projectId}/litellm`,
};

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  const apis = [
    ...["run", "iam", "secretmanager", "clouddeploy", "cloudbuild"],
    "artifactregistry",
  ];
  const names = apis.map((api) => `${api}.googleapis.com`);
  await emulator.gcloud(["services", "enable", ...names]);
});

afterAll(() => emulator.close());

const removals: Record<string, Command> = {
  "a service": deleteService({ ...place, service: "litellm-proxy" }),
  "a secret": deleteSecret(place, "litellm-config"),
  "an account": deleteAccount(place, email),
  "a role on the project": removeGrant({
    on: { kind: "project", projectId },
    role: "roles/aiplatform.user",
    member: `serviceAccount:${email}`,
  }),
  "a trigger": deleteTrigger(place, "litellm-release"),
  "a pipeline": deletePipeline(place),
  "a target": deleteTarget(place, "dev"),
  "a repository": deleteRepository(place),
  "a bucket": deleteBucket(place),
};

test.each(Object.keys(removals))("%s that is gone is removed", async (name) => {
  const command = removals[name];
  if (command === undefined) throw new Error(`no command for ${name}`);
  let failed = 0;
  const step = removalStep(`Remove ${name}`, command);
  await step.run({
    gcloud: async (given) => {
      const { exitCode, stderr, stdout } = await emulator.gcloud(given.args);
      if (exitCode === 0) return stdout;
      failed += 1;
      throw new GcloudError(given, exitCode, stderr);
    },
  });
  // Of a target gcloud itself lets Cloud Deploy take that for done (allowMissing).
  expect(failed).toBe(name === "a target" ? 0 : 1);
});
