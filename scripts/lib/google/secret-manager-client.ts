import { SecretManagerServiceClient } from "@google-cloud/secret-manager";
import { OAuth2Client } from "google-auth-library";
import type { GcloudContext } from "./context.ts";
import { endpointOf } from "./endpoints.ts";

export type SecretManagerClient = SecretManagerServiceClient;

/** Google's client, as the account of the context. */
export function openSecretManager(
  context: GcloudContext,
  projectId: string,
): SecretManagerClient {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: context.accessToken.reveal() });
  const endpoint = new URL(endpointOf(context, "secretmanager"));
  const plain = endpoint.protocol === "http:";
  return new SecretManagerServiceClient({
    // REST: one protocol for Google, proxies and the rehearsal.
    fallback: true,
    projectId,
    apiEndpoint: endpoint.hostname,
    authClient,
    ...(plain && { protocol: "http" }),
    ...(endpoint.port !== "" && { port: Number(endpoint.port) }),
  });
}
