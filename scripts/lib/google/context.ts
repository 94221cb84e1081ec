import { UserError } from "../cli/errors.ts";
import { type Command, runGcloud } from "./gcloud.ts";
import { parseJson } from "./parse-json.ts";
import { SecretValue } from "../cli/secret-value.ts";

/** Whoever gcloud is, and how it reaches Google: every part of a run uses this. */
export interface GcloudContext {
  accessToken: SecretValue;
  /** A user's identity token; service accounts need one for an audience. */
  identityToken: SecretValue | undefined;
  /** gcloud's properties by section, from its configuration and its variables. */
  properties: Record<string, Record<string, string> | undefined>;
}

interface ConfigHelper {
  configuration?: { properties?: GcloudContext["properties"] };
  credential?: { access_token?: string | null; id_token?: string | null };
}

const CONFIG_HELPER = ["config", "config-helper", "--format=json"];

/**
 * One gcloud process tells identity, properties and endpoints alike (`gcloud config config-helper`).
 * `renew`: with tokens that are new, not those that gcloud still holds.
 */
export async function readGcloudContext({
  renew = false,
} = {}): Promise<GcloudContext> {
  const command: Command = {
    args: [...CONFIG_HELPER, ...(renew ? ["--force-auth-refresh"] : [])],
  };
  const answered = runGcloud(command);
  // What asks Google next is loaded while gcloud starts.
  const [stdout] = await Promise.all([answered, import("./undici.ts")]);
  const { configuration, credential } = parseJson(
    command,
    stdout,
  ) as ConfigHelper;
  const { access_token: accessToken, id_token: identityToken } =
    credential ?? {};
  if (!accessToken) {
    throw new UserError("gcloud has no credentials", {
      hint: "Log in with: gcloud auth login",
    });
  }
  return {
    accessToken: new SecretValue(accessToken),
    identityToken: identityToken ? new SecretValue(identityToken) : undefined,
    properties: configuration?.properties ?? {},
  };
}

/**
 * An identity token that Cloud Run accepts at `audience` (ACCESS=iam). A user's
 * own is taken as it is: gcloud makes none for an audience. The one that gcloud
 * holds for a service account is for gcloud itself.
 */
export async function readIdentityToken(
  { identityToken, properties }: GcloudContext,
  audience: string,
): Promise<SecretValue> {
  const impersonated = properties.auth?.impersonate_service_account;
  if (
    impersonated === undefined &&
    identityToken !== undefined &&
    isUsers(identityToken)
  ) {
    return identityToken;
  }
  const stdout = await runGcloud(printIdentityToken(audience, impersonated));
  return new SecretValue(stdout.trim());
}

/** The property is heeded here only as a flag (gcloud 528, `print_identity_token.py`). */
function printIdentityToken(audience: string, impersonated?: string): Command {
  return {
    args: [
      ...["auth", "print-identity-token", `--audiences=${audience}`],
      ...(impersonated === undefined
        ? []
        : [`--impersonate-service-account=${impersonated}`, "--include-email"]),
    ],
  };
}

function isUsers(token: SecretValue): boolean {
  const { email } = claimsOf(token);
  return email !== undefined && !email.endsWith("gserviceaccount.com");
}

function claimsOf(token: SecretValue): { email?: string } {
  const [, payload = ""] = token.reveal().split(".");
  try {
    const text = Buffer.from(payload, "base64url").toString();
    return JSON.parse(text) as { email?: string };
  } catch {
    return {};
  }
}
