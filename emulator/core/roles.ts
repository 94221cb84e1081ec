/** What a role allows: permissions, `service.*` for a whole service, `*` for everything; `!` takes away again. */
const ROLES: Record<string, readonly string[]> = {
  // Impersonation is the one thing that even an owner has to be granted.
  "roles/owner": [
    "*",
    "!iam.serviceAccounts.getAccessToken",
    "!iam.serviceAccounts.getOpenIdToken",
    "!iam.serviceAccounts.implicitDelegation",
    "!iam.serviceAccounts.signBlob",
    "!iam.serviceAccounts.signJwt",
  ],
  "roles/editor": [
    "*",
    "!*.setIamPolicy",
    "!iam.serviceAccounts.getAccessToken",
    "!iam.serviceAccounts.getOpenIdToken",
    "!iam.serviceAccounts.implicitDelegation",
    "!run.routes.invoke",
    "!secretmanager.versions.access",
    "!serviceusage.services.disable",
  ],
  "roles/admin": ["*"],
  "roles/writer": ["*.get", "*.list", "*.create", "*.update"],
  "roles/reader": ["*.get", "*.list", "*.getIamPolicy"],
  "roles/viewer": ["*.get", "*.list", "*.getIamPolicy"],
  "roles/browser": [
    "resourcemanager.projects.get",
    "resourcemanager.projects.getIamPolicy",
    "resourcemanager.projects.list",
  ],
  "roles/resourcemanager.projectIamAdmin": [
    "resourcemanager.projects.get",
    "resourcemanager.projects.getIamPolicy",
    "resourcemanager.projects.setIamPolicy",
  ],
  "roles/iam.securityReviewer": ["*.list", "*.getIamPolicy"],
  "roles/iam.serviceAccountAdmin": [
    "iam.serviceAccounts.*",
    "!iam.serviceAccounts.actAs",
    "!iam.serviceAccounts.getAccessToken",
    "!iam.serviceAccounts.getOpenIdToken",
    "!iam.serviceAccounts.implicitDelegation",
    "!iam.serviceAccounts.signBlob",
    "!iam.serviceAccounts.signJwt",
    "resourcemanager.projects.get",
  ],
  "roles/iam.serviceAccountCreator": [
    "iam.serviceAccounts.create",
    "iam.serviceAccounts.get",
    "iam.serviceAccounts.list",
    "resourcemanager.projects.get",
  ],
  "roles/iam.serviceAccountDeleter": [
    "iam.serviceAccounts.delete",
    "iam.serviceAccounts.get",
    "iam.serviceAccounts.list",
    "resourcemanager.projects.get",
  ],
  "roles/iam.serviceAccountUser": [
    "iam.serviceAccounts.actAs",
    "iam.serviceAccounts.get",
    "iam.serviceAccounts.list",
    "resourcemanager.projects.get",
  ],
  "roles/iam.serviceAccountViewer": [
    "iam.serviceAccounts.get",
    "iam.serviceAccounts.getIamPolicy",
    "iam.serviceAccounts.list",
    "resourcemanager.projects.get",
  ],
  "roles/iam.serviceAccountTokenCreator": [
    "iam.serviceAccounts.get",
    "iam.serviceAccounts.getAccessToken",
    "iam.serviceAccounts.getOpenIdToken",
    "iam.serviceAccounts.implicitDelegation",
    "iam.serviceAccounts.list",
    "iam.serviceAccounts.signBlob",
    "iam.serviceAccounts.signJwt",
  ],
  "roles/iam.serviceAccountOpenIdTokenCreator": [
    "iam.serviceAccounts.getOpenIdToken",
  ],
  "roles/iam.workloadIdentityUser": [
    "iam.serviceAccounts.getAccessToken",
    "iam.serviceAccounts.getOpenIdToken",
  ],
  "roles/secretmanager.admin": [
    "resourcemanager.projects.get",
    "secretmanager.*",
  ],
  "roles/secretmanager.secretAccessor": [
    "resourcemanager.projects.get",
    "secretmanager.versions.access",
  ],
  "roles/secretmanager.secretVersionAdder": [
    "resourcemanager.projects.get",
    "secretmanager.versions.add",
  ],
  "roles/secretmanager.secretVersionManager": [
    "resourcemanager.projects.get",
    "secretmanager.versions.add",
    "secretmanager.versions.destroy",
    "secretmanager.versions.disable",
    "secretmanager.versions.enable",
    "secretmanager.versions.get",
    "secretmanager.versions.list",
  ],
  "roles/secretmanager.viewer": [
    "resourcemanager.projects.get",
    "secretmanager.secrets.get",
    "secretmanager.secrets.getIamPolicy",
    "secretmanager.secrets.list",
    "secretmanager.versions.get",
    "secretmanager.versions.list",
  ],
  "roles/artifactregistry.admin": ["artifactregistry.*"],
  "roles/artifactregistry.repoAdmin": [
    "artifactregistry.*",
    "!artifactregistry.repositories.create",
    "!artifactregistry.repositories.delete",
    "!artifactregistry.repositories.setIamPolicy",
    "!artifactregistry.repositories.update",
  ],
  "roles/artifactregistry.writer": [
    "artifactregistry.*.get",
    "artifactregistry.*.list",
    "artifactregistry.repositories.downloadArtifacts",
    "artifactregistry.repositories.uploadArtifacts",
    "artifactregistry.tags.create",
    "artifactregistry.tags.update",
  ],
  "roles/artifactregistry.reader": [
    "artifactregistry.*.get",
    "artifactregistry.*.list",
    "artifactregistry.repositories.downloadArtifacts",
  ],
  "roles/storage.admin": ["resourcemanager.projects.get", "storage.*"],
  "roles/storage.bucketViewer": ["storage.buckets.get", "storage.buckets.list"],
  "roles/storage.objectAdmin": ["storage.objects.*"],
  "roles/storage.objectUser": [
    "storage.objects.create",
    "storage.objects.delete",
    "storage.objects.get",
    "storage.objects.list",
    "storage.objects.update",
  ],
  "roles/storage.objectCreator": ["storage.objects.create"],
  "roles/storage.objectViewer": ["storage.objects.get", "storage.objects.list"],
  "roles/storage.legacyBucketOwner": [
    "storage.buckets.get",
    "storage.buckets.getIamPolicy",
    "storage.buckets.setIamPolicy",
    "storage.buckets.update",
    "storage.objects.create",
    "storage.objects.delete",
    "storage.objects.list",
  ],
  "roles/storage.legacyBucketWriter": [
    "storage.buckets.get",
    "storage.objects.create",
    "storage.objects.delete",
    "storage.objects.list",
  ],
  "roles/storage.legacyBucketReader": [
    "storage.buckets.get",
    "storage.objects.list",
  ],
  "roles/storage.legacyObjectReader": ["storage.objects.get"],
  "roles/storage.legacyObjectOwner": [
    "storage.objects.get",
    "storage.objects.getIamPolicy",
    "storage.objects.setIamPolicy",
    "storage.objects.update",
  ],
  "roles/cloudbuild.builds.editor": [
    "cloudbuild.builds.*",
    "resourcemanager.projects.get",
  ],
  "roles/cloudbuild.builds.viewer": [
    "cloudbuild.builds.get",
    "cloudbuild.builds.list",
    "resourcemanager.projects.get",
  ],
  "roles/cloudbuild.builds.builder": [
    "artifactregistry.*.get",
    "artifactregistry.*.list",
    "artifactregistry.repositories.downloadArtifacts",
    "artifactregistry.repositories.uploadArtifacts",
    "artifactregistry.tags.create",
    "artifactregistry.tags.update",
    "cloudbuild.builds.*",
    "logging.logEntries.create",
    "resourcemanager.projects.get",
    "storage.buckets.create",
    "storage.buckets.get",
    "storage.buckets.list",
    "storage.objects.create",
    "storage.objects.delete",
    "storage.objects.get",
    "storage.objects.list",
    "storage.objects.update",
  ],
  "roles/run.admin": ["resourcemanager.projects.get", "run.*"],
  "roles/run.developer": [
    "resourcemanager.projects.get",
    "run.*",
    "!*.setIamPolicy",
    "!run.routes.invoke",
  ],
  "roles/run.viewer": [
    "resourcemanager.projects.get",
    "run.*.get",
    "run.*.getIamPolicy",
    "run.*.list",
  ],
  "roles/run.invoker": ["run.jobs.run", "run.routes.invoke"],
  "roles/run.servicesInvoker": ["run.routes.invoke"],
  "roles/run.jobsExecutor": ["run.jobs.run"],
  "roles/run.jobsExecutorWithOverrides": [
    "run.jobs.run",
    "run.jobs.runWithOverrides",
  ],
  "roles/run.sourceDeveloper": [
    "resourcemanager.projects.get",
    "run.*",
    "!*.setIamPolicy",
    "!run.routes.invoke",
  ],
  "roles/run.sourceViewer": ["run.*.get", "run.*.list"],
  "roles/run.builder": ["logging.logEntries.create", "storage.objects.get"],
  "roles/run.serviceAgent": ["iam.serviceAccounts.getAccessToken"],
  "roles/aiplatform.admin": ["aiplatform.*", "resourcemanager.projects.get"],
  "roles/aiplatform.user": ["aiplatform.*", "resourcemanager.projects.get"],
  "roles/aiplatform.viewer": [
    "aiplatform.*.get",
    "aiplatform.*.list",
    "resourcemanager.projects.get",
  ],
  "roles/aiplatform.expressAdmin": ["aiplatform.endpoints.predict"],
  "roles/aiplatform.expressUser": ["aiplatform.endpoints.predict"],
  "roles/aiplatform.serviceAgent": ["aiplatform.*"],
  "roles/clouddeploy.admin": ["clouddeploy.*", "resourcemanager.projects.get"],
  "roles/clouddeploy.operator": [
    "clouddeploy.*",
    "!clouddeploy.rollouts.approve",
    "resourcemanager.projects.get",
  ],
  "roles/clouddeploy.releaser": [
    "clouddeploy.*.get",
    "clouddeploy.*.list",
    "clouddeploy.releases.create",
    "clouddeploy.rollouts.advance",
    "clouddeploy.rollouts.create",
    "clouddeploy.rollouts.rollback",
    "resourcemanager.projects.get",
  ],
  "roles/clouddeploy.approver": [
    "clouddeploy.*.get",
    "clouddeploy.*.list",
    "clouddeploy.rollouts.approve",
    "resourcemanager.projects.get",
  ],
  "roles/clouddeploy.viewer": [
    "clouddeploy.*.get",
    "clouddeploy.*.getIamPolicy",
    "clouddeploy.*.list",
    "resourcemanager.projects.get",
  ],
  "roles/clouddeploy.jobRunner": [
    "logging.logEntries.create",
    "storage.objects.create",
    "storage.objects.get",
    "storage.objects.list",
  ],
  "roles/serviceusage.serviceUsageAdmin": [
    "resourcemanager.projects.get",
    "serviceusage.*",
  ],
  "roles/serviceusage.serviceUsageConsumer": [
    "serviceusage.services.get",
    "serviceusage.services.list",
    "serviceusage.services.use",
  ],
  "roles/serviceusage.serviceUsageViewer": [
    "serviceusage.services.get",
    "serviceusage.services.list",
  ],
  "roles/logging.logWriter": ["logging.logEntries.create"],
  "roles/logging.viewer": ["logging.logEntries.list", "logging.logs.list"],
  "roles/logging.admin": ["logging.*"],
};

/** Services whose roles are all in the list above, so that a name outside it is a typing error. */
const COMPLETE = /^roles\/(secretmanager|run)\./;

const FORM =
  /^(roles|(projects|organizations)\/[^/]+\/roles)\/[A-Za-z0-9_.]{3,}$/;

/** Whether the role can be granted, as far as the emulator knows Google's roles. */
export function isRole(role: string): boolean {
  if (!FORM.test(role)) return false;
  return Object.hasOwn(ROLES, role) || !isCovered(role);
}

/** Whether holding `role` allows `permission`, e.g. `secretmanager.versions.access`. */
export function allows(role: string, permission: string): boolean {
  const patterns = ROLES[role] ?? [];
  const matches = (pattern: string) => toRegExp(pattern).test(permission);
  return (
    patterns.some((p) => !p.startsWith("!") && matches(p)) &&
    !patterns.some((p) => p.startsWith("!") && matches(p.slice(1)))
  );
}

function isCovered(role: string): boolean {
  const ofNoService = /^roles\/[a-zA-Z]+$/.test(role);
  return COMPLETE.test(role) || ofNoService;
}

function toRegExp(pattern: string): RegExp {
  const escaped = pattern.replaceAll(".", "\\.").replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`);
}
