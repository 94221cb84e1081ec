import { ACCESSOR_ROLE } from "../service/prepare/plan-access.ts";
import type { Settings } from "../settings/settings.ts";
import { type DeliveryAccount, accountEmail } from "./accounts.ts";
import type { DeliveryPlace } from "./place.ts";

/** What has a policy of its own. */
export type Holder =
  | { kind: "project"; projectId: string }
  | { kind: "account"; projectId: string; email: string }
  | { kind: "secret"; projectId: string; name: string }
  | { kind: "repository" }
  | { kind: "bucket" };

/** A role that somebody is to have. */
export interface Grant {
  on: Holder;
  role: string;
  /** `serviceAccount:EMAIL`. */
  member: string;
}

/** A target's env, and the number of its project. */
export interface TargetPlace {
  settings: Settings;
  projectNumber: string;
}

const ACT_AS = "roles/iam.serviceAccountUser";

/** Every role that the pipeline needs, each no wider than what it is for. */
export function listGrants(
  place: DeliveryPlace,
  targets: readonly TargetPlace[],
): Grant[] {
  const grants = [
    ...pipelineGrants(place),
    ...targets.flatMap((target) => targetGrants(place, target)),
  ];
  const seen = new Map(grants.map((grant) => [JSON.stringify(grant), grant]));
  return [...seen.values()];
}

function pipelineGrants(place: DeliveryPlace): Grant[] {
  const { projectId } = place;
  const member = (account: DeliveryAccount): string =>
    `serviceAccount:${accountEmail(projectId, account)}`;
  const grant = (on: Holder, who: DeliveryAccount, role: string): Grant => ({
    ...{ on, role, member: member(who) },
  });
  const project: Holder = { kind: "project", projectId };
  const account = (name: DeliveryAccount): Holder => ({
    ...{ kind: "account", projectId, email: accountEmail(projectId, name) },
  });
  const repository: Holder = { kind: "repository" };
  const bucket: Holder = { kind: "bucket" };
  return [
    grant(project, "build", "roles/logging.logWriter"),
    grant(repository, "build", "roles/artifactregistry.writer"),
    grant(bucket, "build", "roles/storage.objectViewer"),
    grant(account("deployer"), "build", "roles/iam.serviceAccountTokenCreator"),
    grant(project, "check", "roles/logging.logWriter"),
    // A release changes its targets' parameters: a releaser may not.
    grant(project, "deployer", "roles/clouddeploy.operator"),
    grant(project, "deployer", "roles/cloudbuild.builds.editor"),
    grant(project, "deployer", "roles/serviceusage.serviceUsageConsumer"),
    grant(repository, "deployer", "roles/artifactregistry.reader"),
    grant(bucket, "deployer", "roles/storage.legacyBucketReader"),
    grant(bucket, "deployer", "roles/storage.objectUser"),
    ...(["build", "execution", "verify", "automation"] as const).map((name) =>
      grant(account(name), "deployer", ACT_AS),
    ),
    ...(["execution", "verify"] as const).flatMap((name) => [
      grant(project, name, "roles/clouddeploy.jobRunner"),
      grant(repository, name, "roles/artifactregistry.reader"),
      grant(account(name), "automation", ACT_AS),
    ]),
    grant(project, "automation", "roles/clouddeploy.operator"),
  ];
}

function targetGrants(
  place: DeliveryPlace,
  { settings, projectNumber }: TargetPlace,
): Grant[] {
  const { projectId, access } = settings;
  const member = (account: DeliveryAccount): string =>
    `serviceAccount:${accountEmail(place.projectId, account)}`;
  const grant = (on: Holder, who: DeliveryAccount, role: string): Grant => ({
    ...{ on, role, member: member(who) },
  });
  const project: Holder = { kind: "project", projectId };
  const runtime: Holder = {
    ...{ kind: "account", projectId, email: settings.serviceAccount },
  };
  const secret = (name: string): Holder => ({
    ...{ kind: "secret", projectId, name },
  });
  // Switching the invoker check off sets a service's policy.
  const deploys =
    access === "public" ? "roles/run.admin" : "roles/run.developer";
  return [
    grant(project, "deployer", deploys),
    grant(project, "deployer", "roles/iam.securityReviewer"),
    grant(project, "deployer", "roles/serviceusage.serviceUsageConsumer"),
    grant(runtime, "deployer", ACT_AS),
    ...secretsOf(settings).map((name) =>
      // Aliases need it; a deployer adds versions and names them.
      grant(secret(name), "deployer", "roles/secretmanager.admin"),
    ),
    grant(project, "execution", deploys),
    grant(runtime, "execution", ACT_AS),
    grant(project, "verify", "roles/run.viewer"),
    grant(project, "verify", "roles/serviceusage.serviceUsageConsumer"),
    // With the key and the config that the revision reads.
    ...[settings.configSecret, settings.masterKeySecret].map((name) =>
      grant(secret(name), "verify", ACCESSOR_ROLE),
    ),
    ...(access === "iam"
      ? (["deployer", "verify"] as const).map((who) =>
          grant(project, who, "roles/run.invoker"),
        )
      : []),
    ...(projectId === place.projectId
      ? []
      : [
          {
            on: { kind: "repository" as const },
            role: "roles/artifactregistry.reader",
            // Cloud Run's service agent pulls the image.
            member: `serviceAccount:service-${projectNumber}@serverless-robot-prod.iam.gserviceaccount.com`,
          },
        ]),
  ];
}

/** The secrets that an env's service reads. */
export function secretsOf(settings: Settings): string[] {
  const { mode, configSecret, masterKeySecret, geminiKeySecret } = settings;
  return [
    configSecret,
    masterKeySecret,
    ...(mode === "apikey" ? [geminiKeySecret] : []),
  ];
}

/** `secret litellm-config of project p`. */
export function describeHolder(on: Holder, place: DeliveryPlace): string {
  switch (on.kind) {
    case "project":
      return `project ${on.projectId}`;
    case "account":
      return `service account ${on.email}`;
    case "secret":
      return `secret ${on.name} of ${on.projectId}`;
    case "repository":
      return `repository ${place.repository}`;
    case "bucket":
      return `bucket ${place.bucket}`;
  }
}
