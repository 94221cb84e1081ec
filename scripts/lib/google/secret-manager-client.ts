import { SecretManagerServiceClient } from "@google-cloud/secret-manager";
import { OAuth2Client } from "google-auth-library";
import type { GcloudContext } from "./context.ts";
import { endpointOf } from "./endpoints.ts";
import { type HttpRequest, type Send, createSend } from "./send.ts";

export type SecretManagerClient = SecretManagerServiceClient;

/** What the client library gives to what it fetches with. */
interface Fetched {
  method?: string;
  headers?: Headers;
  body?: HttpRequest["body"];
  signal?: AbortSignal | null;
}

/** Google's client, as the account of the context and on gcloud's way. It repeats reads by our rules, not by its own. */
export function openSecretManager(
  context: GcloudContext,
  projectId: string,
): SecretManagerClient {
  const send = createSend(context);
  const authClient = new OAuth2Client({
    transporterOptions: { fetchImplementation: toFetch(send) },
  });
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

function toFetch(send: Send): typeof fetch {
  return (input, init) => {
    const { method = "GET", headers, body, signal } = init as Fetched;
    return send(new URL(input instanceof Request ? input.url : input), {
      method,
      headers: Object.fromEntries(headers ?? []),
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
      repeatable: method === "GET",
    });
  };
}
