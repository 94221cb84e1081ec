import type { Grant, Holder } from "../google/policy.ts";
import {
  ACT_AS,
  deployingRole,
  secretsOf,
} from "../service/deploying-roles.ts";
import type { Lets } from "../service/guard.ts";
import { ACCESSOR_ROLE } from "../service/prepare/plan-access.ts";
import type { Settings } from "../settings/settings.ts";
import { type PipelineAccount, accountEmail } from "./accounts.ts";
import { type PipelinePlace, bucketOf, repositoryOf } from "./place.ts";

/** A target's env, and the number of its project. */
export interface TargetPlace {
  settings: Settings;
  projectNumber: string;
  /** Whom the service lets in now, as the phases of a canary do. */
  lets: Lets;
}

/** Every role that the pipeline needs, each no wider than what it is for. */
export function listGrants(
  place: PipelinePlace,
  targets: readonly TargetPlace[],
): Grant[] {
  const grants = [
    ...pipelineGrants(place),
    ...targets.flatMap((target) => targetGrants(place, target)),
  ];
  const seen = new Map(grants.map((grant) => [JSON.stringify(grant), grant]));
  return [...seen.values()];
}

function pipelineGrants(place: PipelinePlace): Grant[] {
  const { projectId } = place;
  const member = (account: PipelineAccount): string =>
    `serviceAccount:${accountEmail(projectId, account)}`;
  const grant = (on: Holder, who: PipelineAccount, role: string): Grant => ({
    on,
    role,
    member: member(who),
  });
  const project: Holder = { kind: "project", projectId };
  const account = (name: PipelineAccount): Holder => ({
    kind: "account",
    projectId,
    email: accountEmail(projectId, name),
  });
  const repository = repositoryOf(place);
  const bucket = bucketOf(place);
  return [
    grant(project, "build", "roles/logging.logWriter"),
    grant(repository, "build", "roles/artifactregistry.writer"),
    grant(bucket, "build", "roles/storage.objectViewer"),
    grant(account("deployer"), "build", "roles/iam.serviceAccountTokenCreator"),
    // It starts the tests and the image's mirror. The deployer, who may act as
    // the accounts that deploy, may start no build: that would be a way to prod.
    grant(project, "build", "roles/cloudbuild.builds.editor"),
    grant(project, "build", "roles/serviceusage.serviceUsageConsumer"),
    ...(["build", "check"] as const).map((name) =>
      grant(account(name), "build", ACT_AS),
    ),
    grant(project, "check", "roles/logging.logWriter"),
    grant(repository, "check", "roles/artifactregistry.reader"),
    // Who may release may change neither the pipeline nor a target. What there
    // is of them it lists by what lets it look at the targets' projects.
    grant(project, "deployer", "roles/clouddeploy.releaser"),
    grant(project, "deployer", "roles/serviceusage.serviceUsageConsumer"),
    grant(repository, "deployer", "roles/artifactregistry.reader"),
    grant(bucket, "deployer", "roles/storage.legacyBucketReader"),
    grant(bucket, "deployer", "roles/storage.objectUser"),
    ...(["execution", "verify"] as const).flatMap((name) => [
      grant(account(name), "deployer", ACT_AS),
      grant(project, name, "roles/clouddeploy.jobRunner"),
      grant(repository, name, "roles/artifactregistry.reader"),
      grant(account(name), "automation", ACT_AS),
    ]),
    grant(project, "automation", "roles/clouddeploy.operator"),
  ];
}

function targetGrants(
  place: PipelinePlace,
  { settings, projectNumber, lets }: TargetPlace,
): Grant[] {
  const { projectId, access } = settings;
  const member = (account: PipelineAccount): string =>
    `serviceAccount:${accountEmail(place.projectId, account)}`;
  const grant = (on: Holder, who: PipelineAccount, role: string): Grant => ({
    on,
    role,
    member: member(who),
  });
  const project: Holder = { kind: "project", projectId };
  const runtime: Holder = {
    kind: "account",
    projectId,
    email: settings.serviceAccount,
  };
  const secret = (name: string): Holder => ({
    kind: "secret",
    projectId,
    name,
  });
  const deploys = deployingRole(access === "public" || lets === "everybody");
  return [
    grant(project, "deployer", "roles/run.viewer"),
    grant(project, "deployer", "roles/iam.securityReviewer"),
    grant(project, "deployer", "roles/serviceusage.serviceUsageConsumer"),
    ...secretsOf(settings).map((name) =>
      // Aliases need it; a deployer adds versions and names them.
      grant(secret(name), "deployer", "roles/secretmanager.admin"),
    ),
    // It sees whether the service may read them; setup lets it.
    ...settings.ownSecrets.map((name) =>
      grant(secret(name), "deployer", "roles/secretmanager.viewer"),
    ),
    grant(project, "execution", deploys),
    grant(runtime, "execution", ACT_AS),
    grant(project, "verify", "roles/run.viewer"),
    grant(project, "verify", "roles/serviceusage.serviceUsageConsumer"),
    // With the key and the config that the revision reads.
    ...[settings.configSecret, settings.keySecrets.masterKey].map((name) =>
      grant(secret(name), "verify", ACCESSOR_ROLE),
    ),
    ...(access === "iam" || lets === "identities"
      ? (["deployer", "verify"] as const).map((who) =>
          grant(project, who, "roles/run.invoker"),
        )
      : []),
    ...(projectId === place.projectId
      ? []
      : [
          // Cloud Run's service agent pulls the image. One that was made by a
          // request has no role yet (IAM docs, "Create and grant roles to service agents").
          { on: project, role: "roles/run.serviceAgent" },
          {
            on: repositoryOf(place),
            role: "roles/artifactregistry.reader",
          },
        ].map((grant) => ({ ...grant, member: runAgent(projectNumber) }))),
  ];
}

/** Cloud Run's service agent of a project. */
export function runAgent(projectNumber: string): string {
  return `serviceAccount:service-${projectNumber}@serverless-robot-prod.iam.gserviceaccount.com`;
}
