import type { Cloud, Member, Project } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { accessSecret } from "../secret-manager/access-secret.ts";
import type { RevisionTemplate } from "./model.ts";

/** A secret version that a revision reads. */
export interface SecretReference {
  /** Where the template names it, in Cloud Run's notation. */
  field: string;
  project: Project;
  secret: string;
  /** A number, an alias or `latest`. */
  version: string;
}

/** A secret as the value of an environment variable. */
export interface SecretVariable extends SecretReference {
  name: string;
}

/** A secret as a file. */
export interface SecretFile extends SecretReference {
  /** Absolute, in the container. */
  path: string;
}

/** The secrets in the container's environment. */
export function listSecretVariables(
  cloud: Cloud,
  project: Project,
  template: RevisionTemplate,
): SecretVariable[] {
  const { env = [] } = template.spec.containers[0];
  return env.flatMap(({ name = "", valueFrom }, index) => {
    const { name: secret = "", key = "" } = valueFrom?.secretKeyRef ?? {};
    if (valueFrom === undefined) return [];
    const field = `spec.template.spec.containers[0].env[${index}].value_from.secret_key_ref.name`;
    return [
      {
        name,
        field,
        version: key,
        ...locate(cloud, project, template, secret),
      },
    ];
  });
}

/** The secrets in the container's file system. */
export function listSecretFiles(
  cloud: Cloud,
  project: Project,
  template: RevisionTemplate,
): SecretFile[] {
  const { volumes = [], containers } = template.spec;
  const mounts = containers[0].volumeMounts ?? [];
  return volumes.flatMap(({ name: volume, secret = {} }, index) => {
    const { secretName = "" } = secret;
    const located = locate(cloud, project, template, secretName);
    const items = secret.items ?? [{ key: "latest", path: located.secret }];
    return items.flatMap(({ key = "", path = "" }, item) =>
      mounts
        .filter(({ name }) => name === volume)
        .map(({ mountPath = "" }) => ({
          field: `spec.template.spec.volumes[${index}].secret.items[${item}].key`,
          path: `${mountPath.replace(/\/$/, "")}/${path}`,
          version: key,
          ...located,
        })),
    );
  });
}

/** The content. Throws as Secret Manager does. */
export function readSecret(
  cloud: Cloud,
  reference: SecretReference,
  serviceAccount: string,
): Buffer {
  const member: Member = `serviceAccount:${serviceAccount}`;
  const { project, secret, version } = reference;
  return accessSecret(cloud, project.projectId, secret, version, member);
}

/** Why the account cannot read the secret, in Cloud Run's words; undefined where it can. */
export function secretProblem(
  cloud: Cloud,
  reference: SecretReference,
  serviceAccount: string,
): string | undefined {
  try {
    readSecret(cloud, reference, serviceAccount);
    return undefined;
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error;
    return `${reference.field}: ${describe(error, reference, serviceAccount)}`;
  }
}

function describe(
  error: GoogleError,
  { project, secret, version }: SecretReference,
  serviceAccount: string,
): string {
  const resource = `projects/${project.projectNumber}/secrets/${secret}/versions/${version}`;
  if (!project.enabledApis.has("secretmanager.googleapis.com")) {
    return error.message;
  }
  if (error.status === "NOT_FOUND" || !project.secrets.has(secret)) {
    return `Secret ${resource} was not found`;
  }
  return error.status === "PERMISSION_DENIED"
    ? `Permission denied on secret: ${resource} for Revision service account ${serviceAccount}. The service account used must be granted the 'Secret Manager Secret Accessor' role (roles/secretmanager.secretAccessor) at the secret, project or higher level.`
    : error.message;
}

/** Resolves the aliases of other projects' secrets: the annotation is `ALIAS:projects/P/secrets/S,…`. */
function locate(
  cloud: Cloud,
  project: Project,
  template: RevisionTemplate,
  name: string,
): Pick<SecretReference, "project" | "secret"> {
  const aliases =
    template.metadata.annotations["run.googleapis.com/secrets"] ?? "";
  for (const alias of aliases.split(",")) {
    const match = /^([^:]+):projects\/([^/]+)\/secrets\/([^/]+)$/.exec(alias);
    if (match?.[1] !== name) continue;
    const { 2: other = "", 3: secret = "" } = match;
    return { project: cloud.findProject(other) ?? project, secret };
  }
  return { project, secret: name };
}
