import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createServiceAccount } from "../../emulator/apis/iam/service-account.ts";
import { createBucket } from "../../emulator/apis/storage/bucket.ts";
import { startTestEmulator, type TestEmulator } from "./emulator.ts";
import { storageOf } from "../../emulator/apis/storage/state.ts";

export const EXECUTION = "execution@demo-litellm.iam.gserviceaccount.com";

/** An emulator with the APIs of a delivery, the execution account with its role, and the bucket `demo-staging`. */
export async function startPipelineEmulator(): Promise<TestEmulator> {
  const emulator = await startTestEmulator({ litellm: "stand-in" });
  const project = emulator.cloud.project("demo-litellm");
  for (const api of ["clouddeploy", "iam", "run"]) {
    project.enabledApis.add(`${api}.googleapis.com`);
  }
  createServiceAccount(project, EXECUTION, {});
  project.policy.bindings.push({
    role: "roles/clouddeploy.jobRunner",
    members: [`serviceAccount:${EXECUTION}`],
  });
  createBucket(emulator.cloud, project, { name: "demo-staging" });
  return emulator;
}

/** Text by path. */
export type Source = Record<string, string>;

/** A release's source: what it renders is one service. */
export const SOURCE: Source = {
  "skaffold.yaml": `apiVersion: skaffold/v4beta13
kind: Config
metadata: {name: litellm}
manifests: {rawYaml: [config/service.yaml]}
deploy: {cloudrun: {}}
verify:
- name: verify
  container: {name: verify, image: litellm-tools, command: [sh, -c], args: ["true"]}
`,
  "config/service.yaml": `apiVersion: serving.knative.dev/v1
kind: Service
metadata:
  name: "unset" # from-param: \${service}
spec:
  template:
    spec:
      containerConcurrency: 1 # from-param: \${concurrency}
      containers:
        - image: "unset" # from-param: \${image}
`,
};

/** Writes the files into a directory of their own, and removes it after `use`. */
export async function withDirectory<T>(
  source: Source,
  use: (directory: string) => T,
): Promise<Awaited<T>> {
  const directory = mkdtempSync(join(tmpdir(), "litellm-cloudrun-test-"));
  try {
    for (const [path, text] of Object.entries(source)) {
      const file = join(directory, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The files as GNU tar packs them. */
export function packSource(source: Source): Promise<Buffer> {
  return withDirectory(source, (directory) =>
    execFileSync("tar", ["-czf", "-", "-C", directory, "."]),
  );
}

/** Puts the packed files into the bucket; their URL. */
export async function uploadSource(
  { cloud }: TestEmulator,
  name: string,
  source: Source = SOURCE,
): Promise<string> {
  storageOf(cloud)
    .buckets.get("demo-staging")
    ?.objects.set(name, {
      name,
      generation: "1",
      metageneration: 1,
      contentType: "application/x-tar",
      content: await packSource(source),
      timeCreated: new Date().toISOString(),
      metadata: {},
    });
  return `gs://demo-staging/${name}`;
}
