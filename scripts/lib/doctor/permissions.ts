import { MASTER_KEY } from "../settings/keys.ts";
import type { Settings } from "../settings/settings.ts";

/** What a caller does with an env. */
export type Task = "prepare" | "deploy" | "verify" | "watch";

export const TASKS: readonly Task[] = ["prepare", "deploy", "verify", "watch"];

/** A deploy prepares what is missing, and verifies. */
export function listTasks(task: Task): readonly Task[] {
  return task === "deploy" ? ["prepare", "deploy", "verify"] : [task];
}

/** Where a permission may be held besides the project. */
export type Spot =
  | { kind: "project" }
  | { kind: "account" }
  | { kind: "service" }
  | { kind: "secret"; name: string };

export interface Need {
  permission: string;
  /** The role of docs/deploying.md, "Least roles", that has it. */
  role: string;
  on: Spot;
}

/**
 * Names, and which role has which: Google's predefined roles as recorded on 22
 * August 2026 (github.com/iann0036/iam-dataset, gcp/roles/*.json at 2073fa5);
 * Google's own list is docs.cloud.google.com/iam/docs/roles-permissions.
 * That switching the invoker check off takes run.services.setIamPolicy: Cloud Run
 * docs, "Allowing public (unauthenticated) access".
 */
export function listNeeds(task: Task, settings: Settings): Need[] {
  switch (task) {
    case "prepare":
      return listPreparing(settings);
    case "deploy":
      return listDeploying(settings);
    case "verify":
      return listVerifying(settings);
    case "watch":
      return listWatching();
  }
}

function listPreparing({ mode }: Settings): Need[] {
  const on: Spot = { kind: "project" };
  return [
    ...needs(on, "roles/serviceusage.serviceUsageAdmin", [
      "serviceusage.services.enable",
    ]),
    ...needs(on, "roles/iam.serviceAccountAdmin", [
      "iam.serviceAccounts.create",
      "iam.serviceAccounts.get",
    ]),
    ...needs(on, "roles/secretmanager.admin", [
      "secretmanager.secrets.create",
      "secretmanager.secrets.setIamPolicy",
      "secretmanager.versions.add",
    ]),
    ...(mode === "vertex"
      ? needs(on, "roles/resourcemanager.projectIamAdmin", [
          "resourcemanager.projects.setIamPolicy",
        ])
      : []),
  ];
}

function listDeploying(settings: Settings): Need[] {
  const project: Spot = { kind: "project" };
  const open = settings.access === "public";
  const run = open ? "roles/run.admin" : "roles/run.developer";
  return [
    ...needs(project, "roles/browser", [
      "resourcemanager.projects.get",
      "resourcemanager.projects.getIamPolicy",
    ]),
    ...needs(project, "roles/serviceusage.serviceUsageConsumer", [
      "serviceusage.services.get",
      "serviceusage.services.use",
    ]),
    ...needs({ kind: "account" }, "roles/iam.serviceAccountUser", [
      "iam.serviceAccounts.actAs",
      "iam.serviceAccounts.get",
    ]),
    ...needs(project, run, ["run.services.create", "run.services.list"]),
    ...needs(project, run, ["run.revisions.get", "run.revisions.list"]),
    ...needs({ kind: "service" }, run, [
      "run.services.get",
      "run.services.getIamPolicy",
      "run.services.update",
      ...(open ? ["run.services.setIamPolicy"] : []),
    ]),
    ...listSecrets(settings).flatMap((name) =>
      needs({ kind: "secret", name }, "roles/secretmanager.admin", [
        "secretmanager.secrets.get",
        "secretmanager.secrets.getIamPolicy",
        "secretmanager.secrets.update",
        "secretmanager.versions.access",
        "secretmanager.versions.add",
        "secretmanager.versions.list",
      ]),
    ),
  ];
}

function listVerifying(settings: Settings): Need[] {
  const service: Spot = { kind: "service" };
  const read = [settings.configSecret, settings.keySecrets[MASTER_KEY.name]];
  return [
    ...needs({ kind: "project" }, "roles/serviceusage.serviceUsageConsumer", [
      "serviceusage.services.use",
    ]),
    ...needs({ kind: "project" }, "roles/run.viewer", [
      "run.revisions.get",
      "run.revisions.list",
    ]),
    ...needs(service, "roles/run.viewer", ["run.services.get"]),
    ...(settings.access === "iam"
      ? needs(service, "roles/run.invoker", ["run.routes.invoke"])
      : []),
    ...read.flatMap((name) =>
      needs({ kind: "secret", name }, "roles/secretmanager.secretAccessor", [
        "secretmanager.versions.access",
      ]),
    ),
  ];
}

/** Of `setup.ts ENV --alerts`. */
function listWatching(): Need[] {
  const project: Spot = { kind: "project" };
  const editing = (role: string, collection: string): Need[] =>
    needs(
      project,
      role,
      ["create", "delete", "list", "update"].map(
        (verb) => `monitoring.${collection}.${verb}`,
      ),
    );
  return [
    ...editing("roles/monitoring.alertPolicyEditor", "alertPolicies"),
    ...editing(
      "roles/monitoring.notificationChannelEditor",
      "notificationChannels",
    ),
    ...editing(
      "roles/monitoring.uptimeCheckConfigEditor",
      "uptimeCheckConfigs",
    ),
    ...needs(project, "roles/serviceusage.serviceUsageConsumer", [
      "serviceusage.services.get",
      "serviceusage.services.use",
    ]),
    ...needs({ kind: "service" }, "roles/run.viewer", ["run.services.get"]),
  ];
}

/** What `--budget` takes on the project, of basic roles alone ("Access control for the Cloud Billing Budget API"). */
export const FOR_A_BUDGET: readonly string[] = [
  "billing.resourcebudgets.read",
  "billing.resourcebudgets.write",
  "resourcemanager.projects.get",
];

/** Those that the service reads. */
export function listSecrets(settings: Settings): string[] {
  return [
    settings.configSecret,
    ...settings.keys.map(({ secret }) => secret),
    ...(settings.clientKeys ? [settings.clientKeysSecret] : []),
  ];
}

function needs(on: Spot, role: string, permissions: string[]): Need[] {
  return permissions.map((permission) => ({ permission, role, on }));
}

/** What a resource of its own is called in `Held`. */
export function nameSpot(spot: Spot): string {
  return spot.kind === "secret" ? `secret ${spot.name}` : spot.kind;
}
