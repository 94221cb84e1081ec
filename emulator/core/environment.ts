import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cloud, Member } from "./cloud.ts";
import { newAuthorizedUser } from "./identity.ts";

/** gcloud's names of the APIs that a rehearsal reaches over plain http; the rest arrives as CONNECT (tunnels.ts). */
const OVERRIDDEN = [
  "aiplatform",
  "artifactregistry",
  "cloudbilling",
  "cloudbuild",
  "clouddeploy",
  "cloudresourcemanager",
  "developerconnect",
  "iam",
  "logging",
  "monitoring",
  "orgpolicy",
  "run",
  "servicemanagement",
  "serviceusage",
];

export interface EnvironmentOptions {
  url: string;
  projectId: string;
  /** An existing or new directory that holds gcloud's own state, and a login. */
  configDirectory: string;
}

/**
 * As `gcloudEnvironment`, with a login of its own and the authority (PEM) to trust, which it writes into the directory:
 * over those of an earlier start.
 */
export function environmentFor({
  cloud,
  caller,
  authority,
  ...options
}: EnvironmentOptions & {
  cloud: Cloud;
  caller: Member;
  authority: string;
}): Record<string, string> {
  const { configDirectory, url } = options;
  const login = join(configDirectory, "emulator-login.json");
  const trusted = join(configDirectory, "emulator-authority.pem");
  mkdirSync(configDirectory, { recursive: true });
  const user = newAuthorizedUser(cloud, caller);
  writeFileSync(login, JSON.stringify(user), { mode: 0o600 });
  writeFileSync(trusted, authority);
  return {
    CLOUDSDK_CORE_ACCOUNT: caller.slice(caller.indexOf(":") + 1),
    CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE: login,
    CLOUDSDK_AUTH_TOKEN_HOST: `${url}/token`,
    CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE: trusted,
    ...gcloudEnvironment(options),
  };
}

/** The variables that send gcloud, and whoever obeys its settings, to the emulator. */
export function gcloudEnvironment({
  url,
  projectId,
  configDirectory,
}: EnvironmentOptions): Record<string, string> {
  const { hostname, port } = new URL(url);
  return {
    CLOUDSDK_CONFIG: configDirectory,
    CLOUDSDK_CORE_PROJECT: projectId,
    CLOUDSDK_CORE_DISABLE_PROMPTS: "1",
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: "1",
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: "1",
    CLOUDSDK_SURVEY_DISABLE_PROMPTS: "1",
    CLOUDSDK_AUTH_TOKEN_INTROSPECTION_ENDPOINT: `${url}/v1/introspect`,
    CLOUDSDK_PROXY_TYPE: "http",
    CLOUDSDK_PROXY_ADDRESS: hostname,
    CLOUDSDK_PROXY_PORT: port,
    ...endpointOverrides(url),
  };
}

function endpointOverrides(url: string): Record<string, string> {
  const variable = (name: string) =>
    `CLOUDSDK_API_ENDPOINT_OVERRIDES_${name.toUpperCase()}`;
  return {
    ...Object.fromEntries(
      OVERRIDDEN.map((name) => [
        variable(name),
        `http://${name}.googleapis.com/`,
      ]),
    ),
    // Google's Node client, and gcloud for identity tokens, heed no proxy for plain http: they are sent to the port itself.
    [variable("iamcredentials")]: `${url}/`,
    [variable("secretmanager")]: `${url}/`,
    [variable("storage")]: "http://storage.googleapis.com/storage/v1/",
  };
}
