import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Member } from "../../emulator/core/cloud.ts";
import {
  type StoredBuild,
  buildingOf,
} from "../../emulator/apis/cloud-build/state.ts";
import { createServiceAccount } from "../../emulator/apis/iam/service-account.ts";
import { newPolicy, replacePolicy } from "../../emulator/core/policy.ts";
import { startTestEmulator, type TestEmulator } from "./emulator.ts";
import { callRest, type RestAnswer } from "./rest.ts";
import { registryOf } from "../../emulator/apis/artifact-registry/state.ts";

export const LOCATION = "projects/demo-litellm/locations/us-central1";
export const IMAGES = "us-central1-docker.pkg.dev/demo-litellm/litellm";
export const BUILDER = "builder@demo-litellm.iam.gserviceaccount.com";

/** The builders' images as build files name them. */
export const DOCKER = "gcr.io/cloud-builders/docker";
export const CRANE = "gcr.io/go-containerregistry/crane:debug";
export const COSIGN = "ghcr.io/sigstore/cosign/cosign:v3.1.3";

/** An emulator with a repository, and an account that may build into it. */
export async function startBuildEmulator(): Promise<TestEmulator> {
  const emulator = await startTestEmulator({ litellm: "stand-in" });
  const project = emulator.cloud.project("demo-litellm");
  for (const api of ["artifactregistry", "cloudbuild", "iam", "run"]) {
    project.enabledApis.add(`${api}.googleapis.com`);
  }
  createServiceAccount(project, BUILDER, {});
  addRole(emulator, BUILDER, "roles/cloudbuild.builds.builder");
  const now = new Date().toISOString();
  const name = `${LOCATION}/repositories/litellm`;
  registryOf(emulator.cloud).repositories.set(name, {
    name,
    description: "",
    labels: {},
    createTime: now,
    updateTime: now,
    immutableTags: false,
    policy: newPolicy(),
    images: [],
  });
  return emulator;
}

export function addRole(
  { cloud }: TestEmulator,
  email: string,
  role: string,
): void {
  const project = cloud.project("demo-litellm");
  const members = [`serviceAccount:${email}`];
  project.policy = replacePolicy(project.policy, {
    bindings: [...project.policy.bindings, { role, members }],
  });
}

/** A body of `builds.create` with these steps. */
export function newBuild(
  steps: object[],
  changes: object = {},
): Record<string, unknown> {
  return {
    steps,
    serviceAccount: `projects/demo-litellm/serviceAccounts/${BUILDER}`,
    options: { logging: "CLOUD_LOGGING_ONLY" },
    ...changes,
  };
}

export function submit(
  emulator: TestEmulator,
  body: object,
  caller?: Member,
): Promise<RestAnswer> {
  return callRest(emulator, "POST", `/v1/${LOCATION}/builds`, body, {
    ...(caller !== undefined && { caller }),
  });
}

/** The stored build of an answer to `submit`. */
export function buildOf(
  { cloud }: TestEmulator,
  { body, message }: RestAnswer,
): StoredBuild {
  const { metadata } = body as { metadata?: { build: { id: string } } };
  const name = `${LOCATION}/builds/${metadata?.build.id ?? ""}`;
  const build = buildingOf(cloud).builds.get(name);
  if (build === undefined) throw new Error(`no build: ${message}`);
  return build;
}

/** Runs a build to its end. */
export async function run(
  emulator: TestEmulator,
  body: object,
): Promise<{ build: StoredBuild; lines: string[] }> {
  const build = buildOf(emulator, await submit(emulator, body));
  await build.ended;
  return { build, lines: linesOf(emulator, build) };
}

/** What the build wrote to Cloud Logging. */
export function linesOf({ cloud }: TestEmulator, { id }: StoredBuild) {
  return cloud
    .project("demo-litellm")
    .logRecords.filter((r) => r.resource.labels.build_id === id)
    .map((r) => r.textPayload ?? "");
}

/** A source directory; `files` by name. */
export async function makeSource(
  files: Record<string, string>,
): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), "source-"));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(directory, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return directory;
}
