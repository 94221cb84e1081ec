import { UserError } from "../cli/errors.ts";
import { SecretValue } from "../cli/secret-value.ts";
import type { GcloudContext } from "./context.ts";
import type { SecretManagerClient } from "./secret-manager-client.ts";

/** Secret payloads: the only thing that goes through Google's client library and never through a command. */
export interface SecretPayloads {
  /** Adds a version and returns its number. */
  add: (secret: string, value: SecretValue) => Promise<number>;
  /** `version`: a number, `latest` or an alias. */
  access: (secret: string, version: string) => Promise<SecretValue>;
}

/** The payloads of any project. */
export function openPayloads(
  context: GcloudContext,
): (projectId: string) => SecretPayloads {
  const opened = new Map<string, SecretPayloads>();
  return (projectId) => {
    const payloads =
      opened.get(projectId) ?? createSecretPayloads(context, projectId);
    opened.set(projectId, payloads);
    return payloads;
  };
}

/** The client library is slow to load, so it is loaded when the first payload moves. */
function createSecretPayloads(
  context: GcloudContext,
  projectId: string,
): SecretPayloads {
  const secretPath = (secret: string): string =>
    `projects/${projectId}/secrets/${secret}`;
  let opened: Promise<SecretManagerClient> | undefined;
  const open = (): Promise<SecretManagerClient> =>
    (opened ??= import("./secret-manager-client.ts").then((module) =>
      module.openSecretManager(context, projectId),
    ));
  return {
    async add(secret, value) {
      const client = await open();
      const data = Buffer.from(value.reveal(), "utf8");
      const [version] = await client
        .addSecretVersion({ parent: secretPath(secret), payload: { data } })
        .catch((cause: unknown) => {
          throw describe(`adding a version to secret ${secret}`, cause);
        });
      return Number((version.name ?? "").split("/").at(-1));
    },
    async access(secret, version) {
      const client = await open();
      const name = `${secretPath(secret)}/versions/${version}`;
      const [response] = await client
        .accessSecretVersion({ name })
        .catch((cause: unknown) => {
          throw describe(`reading secret ${secret}, version ${version}`, cause);
        });
      const data = response.payload?.data ?? "";
      return new SecretValue(Buffer.from(data).toString("utf8"));
    },
  };
}

/** gax errors carry the payload's request: only their message is passed on. */
function describe(what: string, cause: unknown): UserError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new UserError(`${what} failed: ${message}`, {
    hint: 'The account that gcloud uses needs roles/secretmanager.admin on it: docs/deploying.md, "Least roles".',
  });
}
