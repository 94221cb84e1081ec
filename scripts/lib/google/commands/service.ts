import type { Command } from "../gcloud.ts";
import type { Settings } from "../../settings/settings.ts";
import { ACCOUNT_DESCRIPTION, LABEL } from "../../service/ownership.ts";

// One builder a gcloud command: it returns the arguments and runs nothing.

export function enableApis(s: Settings, apis: readonly string[]): Command {
  return { args: ["services", "enable", ...apis, project(s)] };
}

export function createServiceAccount(s: Settings): Command {
  return {
    args: [
      ...["iam", "service-accounts", "create", accountName(s)],
      "--display-name=LiteLLM on Cloud Run",
      `--description=${ACCOUNT_DESCRIPTION}`,
      project(s),
    ],
  };
}

export function adoptServiceAccount(s: Settings): Command {
  return {
    args: [
      ...["iam", "service-accounts", "update", s.serviceAccount],
      `--description=${ACCOUNT_DESCRIPTION}`,
      project(s),
    ],
  };
}

export function deleteServiceAccount(s: Settings): Command {
  return {
    args: [
      ...["iam", "service-accounts", "delete", s.serviceAccount],
      project(s),
      "--quiet",
    ],
  };
}

export function addProjectRole(s: Settings, role: string): Command {
  return {
    args: [
      ...["projects", "add-iam-policy-binding", s.projectId],
      `--member=serviceAccount:${s.serviceAccount}`,
      `--role=${role}`,
      "--condition=None",
      "--format=none",
    ],
  };
}

export function removeProjectRole(
  s: Settings,
  role: string,
  member: string,
): Command {
  return {
    args: [
      ...["projects", "remove-iam-policy-binding", s.projectId],
      `--member=${member}`,
      `--role=${role}`,
      "--condition=None",
      "--format=none",
    ],
  };
}

export function createSecret(
  s: Settings,
  secret: string,
  dataFile?: string,
): Command {
  return {
    args: [
      ...["secrets", "create", secret],
      ...(dataFile === undefined ? [] : [`--data-file=${dataFile}`]),
      ...(s.secretLocations.length === 0
        ? ["--replication-policy=automatic"]
        : [
            "--replication-policy=user-managed",
            `--locations=${s.secretLocations.join(",")}`,
          ]),
      `--labels=${LABEL}=true`,
      project(s),
    ],
  };
}

export function addSecretVersion(
  s: Settings,
  secret: string,
  dataFile: string,
): Command {
  return {
    args: [
      ...["secrets", "versions", "add", secret],
      `--data-file=${dataFile}`,
      project(s),
      "--format=value(name)",
    ],
  };
}

export interface SecretChange {
  /** Takes the secret over by our label. */
  label?: boolean;
  /** All aliases that the secret is to have: gcloud drops those that are not named. */
  aliases?: Readonly<Record<string, number>>;
  /** Not together with `aliases`: gcloud takes one or the other. */
  removeAlias?: string;
  /** Refuses the change where somebody else changed the secret since. */
  etag?: string;
}

export function updateSecret(
  s: Settings,
  secret: string,
  change: SecretChange,
): Command {
  const { label, aliases = {}, removeAlias, etag } = change;
  const pairs = Object.entries(aliases).map(
    ([alias, version]) => `${alias}=${String(version)}`,
  );
  return {
    args: [
      ...["secrets", "update", secret],
      ...(label === true ? [`--update-labels=${LABEL}=true`] : []),
      ...(pairs.length === 0
        ? []
        : [`--update-version-aliases=${pairs.join(",")}`]),
      ...(removeAlias === undefined
        ? []
        : [`--remove-version-aliases=${removeAlias}`]),
      ...(etag === undefined ? [] : [`--etag=${etag}`]),
      project(s),
    ],
  };
}

export function deleteSecret(s: Settings, secret: string): Command {
  return { args: ["secrets", "delete", secret, project(s), "--quiet"] };
}

export function addSecretAccessor(s: Settings, secret: string): Command {
  return secretAccessor(s, secret, "add-iam-policy-binding");
}

export function removeSecretAccessor(s: Settings, secret: string): Command {
  return secretAccessor(s, secret, "remove-iam-policy-binding");
}

/** `manifest`: YAML. */
export function replaceService(s: Settings, manifest: string): Command {
  return {
    args: [
      ...["run", "services", "replace", "-"],
      `--region=${s.region}`,
      project(s),
      "--format=json",
    ],
    input: manifest,
  };
}

export function describeService(s: Settings): Command {
  return {
    args: [
      ...["run", "services", "describe", s.service],
      `--region=${s.region}`,
      project(s),
      "--format=json",
    ],
  };
}

export function listRevisions(s: Settings): Command {
  return {
    args: [
      ...["run", "revisions", "list", `--service=${s.service}`],
      `--region=${s.region}`,
      project(s),
      "--format=json",
    ],
  };
}

/** Who wrote the service in the last hour: for the operator to run. */
export function readAuditLog(s: Settings): Command {
  const resource = `namespaces/${s.projectId}/services/${s.service}`;
  return {
    args: [
      ...["logging", "read", `protoPayload.resourceName="${resource}"`],
      "--freshness=1h",
      project(s),
      "--format=table(timestamp,protoPayload.authenticationInfo.principalEmail,protoPayload.methodName)",
    ],
  };
}

export function updateTraffic(
  s: Settings,
  change: {
    to?: string;
    removeTags?: readonly string[];
    /** Tag → revision. */
    updateTags?: Readonly<Record<string, string>>;
  },
): Command {
  const { to, removeTags = [], updateTags = {} } = change;
  const tags = Object.entries(updateTags).map(
    ([tag, name]) => `${tag}=${name}`,
  );
  return {
    args: [
      ...["run", "services", "update-traffic", s.service],
      ...(to === undefined ? [] : [`--to-revisions=${to}=100`]),
      ...(removeTags.length === 0
        ? []
        : [`--remove-tags=${removeTags.join(",")}`]),
      ...(tags.length === 0 ? [] : [`--update-tags=${tags.join(",")}`]),
      `--region=${s.region}`,
      project(s),
      "--format=none",
    ],
  };
}

export function removePublicInvoker(s: Settings): Command {
  return {
    args: [
      ...["run", "services", "remove-iam-policy-binding", s.service],
      "--member=allUsers",
      "--role=roles/run.invoker",
      `--region=${s.region}`,
      project(s),
      "--format=none",
    ],
  };
}

export function deleteService(s: Settings): Command {
  return {
    args: [
      ...["run", "services", "delete", s.service],
      `--region=${s.region}`,
      project(s),
      "--quiet",
    ],
  };
}

/** Prints a key: for the operator to run, never run by a script. */
export function printSecret(
  s: Settings,
  secret: string,
  version = "latest",
): Command {
  return {
    args: [
      ...["secrets", "versions", "access", version],
      `--secret=${secret}`,
      project(s),
    ],
  };
}

function secretAccessor(s: Settings, secret: string, verb: string): Command {
  return {
    args: [
      ...["secrets", verb, secret],
      `--member=serviceAccount:${s.serviceAccount}`,
      "--role=roles/secretmanager.secretAccessor",
      project(s),
      "--format=none",
    ],
  };
}

function project(s: Settings): string {
  return `--project=${s.projectId}`;
}

function accountName(s: Settings): string {
  return s.serviceAccount.split("@")[0] ?? s.serviceAccount;
}
