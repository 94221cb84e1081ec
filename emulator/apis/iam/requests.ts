import type { Context } from "hono";
import type { Project, ServiceAccount } from "../../core/cloud.ts";
import { emailDomain } from "../../core/project-id.ts";
import { GoogleError } from "../../core/google-error.ts";
import { message, outputOnly, readBody, string } from "../../core/message.ts";
import { alreadyExists } from "./service-account.ts";

const SERVICE_ACCOUNT = {
  displayName: string,
  description: string,
  name: outputOnly,
  projectId: outputOnly,
  uniqueId: outputOnly,
  email: outputOnly,
  etag: outputOnly,
  oauth2ClientId: outputOnly,
  disabled: outputOnly,
};

const CREATE = message({
  accountId: string,
  serviceAccount: message(SERVICE_ACCOUNT),
});

const PATCH = message({
  serviceAccount: message(SERVICE_ACCOUNT),
  updateMask: string,
});

/** In UTF-8 bytes, as Google counts. */
const LIMITS = { displayName: 100, description: 256 };

type Editable = Pick<ServiceAccount, "displayName" | "description">;

/** Throws INVALID_ARGUMENT on a bad id or text, ALREADY_EXISTS on a taken id. */
export async function readNewAccount(
  c: Context,
  project: Project,
): Promise<{ email: string; options: Partial<Editable> }> {
  const { accountId = "", serviceAccount = {} } = await readBody(c, CREATE);
  requireAccountId(accountId);
  requireLimits(serviceAccount);
  const email = `${accountId}@${emailDomain(project.projectId)}`;
  if (project.serviceAccounts.has(email)) throw alreadyExists(project, email);
  return { email, options: serviceAccount };
}

export async function readPatch(c: Context): Promise<Partial<Editable>> {
  const { serviceAccount = {}, updateMask = "" } = await readBody(c, PATCH);
  requireLimits(serviceAccount);
  const changes: Partial<Editable> = {};
  for (const path of updateMask.split(",").filter((p) => p !== "")) {
    if (/^display_?name$/i.test(path)) {
      changes.displayName = serviceAccount.displayName ?? "";
    } else if (path === "description") {
      changes.description = serviceAccount.description ?? "";
    } else {
      throw new GoogleError(
        "INVALID_ARGUMENT",
        `Update mask contains a field that cannot be updated: ${path}`,
      );
    }
  }
  return changes;
}

/** The older `update`: it replaces the display name, and the description where one is sent. */
export async function readReplacement(c: Context): Promise<Partial<Editable>> {
  const sent = await readBody(c, message(SERVICE_ACCOUNT));
  requireLimits(sent);
  const { displayName = "", description } = sent;
  return { displayName, ...(description !== undefined && { description }) };
}

function requireAccountId(id: string): void {
  if (id.length < 6 || id.length > 30) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `The account ID "${id}" does not have a length between 6 and 30.`,
    );
  }
  if (!/^[a-z]([-a-z0-9]*[a-z0-9])$/.test(id)) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `The account ID "${id}" does not match [a-z]([-a-z0-9]*[a-z0-9]).`,
    );
  }
}

function requireLimits(sent: Partial<Editable>): void {
  for (const [field, limit] of Object.entries(LIMITS)) {
    const text = sent[field as keyof Editable] ?? "";
    if (Buffer.byteLength(text) > limit) {
      throw new GoogleError(
        "INVALID_ARGUMENT",
        `The ${field} of a service account must be at most ${limit} bytes.`,
      );
    }
  }
}
