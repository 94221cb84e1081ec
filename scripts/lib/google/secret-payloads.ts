import { UserError } from "../cli/errors.ts";
import { SecretValue } from "../cli/secret-value.ts";
import { say } from "../cli/terminal.ts";
import type { GcloudContext } from "./context.ts";
import { readRetrySeconds, retry } from "./retry.ts";
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
  const access = async (secret: string, version: string) => {
    const client = await open();
    const name = `${secretPath(secret)}/versions/${version}`;
    const [response] = await client.accessSecretVersion({ name }, ONCE);
    return {
      number: toNumber(response.name),
      data: Buffer.from(response.payload?.data ?? ""),
    };
  };
  const addOnce = async (secret: string, data: Buffer) => {
    const client = await open();
    const parent = secretPath(secret);
    const request = { parent, payload: { data } };
    const [version] = await client.addSecretVersion(request, ONCE);
    return toNumber(version.name);
  };
  return {
    add: (secret, value) => {
      const data = Buffer.from(value.reveal(), "utf8");
      const what = `adding a version to secret ${secret}`;
      return retry(
        async (tries) => {
          const added =
            tries > 0 ? await findAdded(access, secret, data) : undefined;
          if (added !== undefined) return { done: added };
          try {
            return { done: await addOnce(secret, data) };
          } catch (cause) {
            const giveUp = (): never => {
              throw describe(what, cause);
            };
            return mayPass(cause)
              ? { why: `${what} failed`, giveUp }
              : giveUp();
          }
        },
        { seconds: readRetrySeconds(), tell: say },
      );
    },
    access: async (secret, version) => {
      const { data } = await access(secret, version).catch((cause: unknown) => {
        throw describe(`reading secret ${secret}, version ${version}`, cause);
      });
      return new SecretValue(data.toString("utf8"));
    },
  };
}

/** The client library's own retries know neither our time limit nor what is safe. */
const ONCE = { retry: null };

/**
 * The number of the newest version, where it holds this already: nobody knows
 * whether a call without an answer had its effect, and twice the same key would
 * be one that nobody uses.
 */
async function findAdded(
  access: (
    secret: string,
    version: string,
  ) => Promise<{ number: number; data: Buffer }>,
  secret: string,
  data: Buffer,
): Promise<number | undefined> {
  try {
    const newest = await access(secret, "latest");
    return newest.data.equals(data) ? newest.number : undefined;
  } catch (cause) {
    if (NO_VERSION.has(codeOf(cause) ?? 0)) return undefined;
    throw describe(
      `secret ${secret} got no answer to a new version, and reading it`,
      cause,
    );
  }
}

/** There is no such version, or it is disabled or destroyed. */
export class NoVersionError extends UserError {}

/** NOT_FOUND and FAILED_PRECONDITION. */
const NO_VERSION = new Set([5, 9]);

/** UNKNOWN, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNAVAILABLE. */
const PASSING = new Set([2, 4, 8, 10, 13, 14]);

/** Also where nobody answered. */
function mayPass(cause: unknown): boolean {
  const code = codeOf(cause);
  return code === undefined || PASSING.has(code);
}

/** The status of gRPC; undefined where no answer came. */
function codeOf(cause: unknown): number | undefined {
  const code =
    cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "number" ? code : undefined;
}

function toNumber(name: string | null | undefined): number {
  return Number((name ?? "").split("/").at(-1));
}

/** gax errors carry the payload's request: only their message is passed on. */
function describe(what: string, cause: unknown): UserError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const failed = `${what} failed: ${message}`;
  if (NO_VERSION.has(codeOf(cause) ?? 0)) return new NoVersionError(failed);
  return new UserError(failed, {
    hint: mayPass(cause)
      ? "Run it again; if it stays, see https://status.cloud.google.com"
      : 'The account that gcloud uses needs roles/secretmanager.admin on it: docs/deploying.md, "Least roles".',
  });
}
