import { once } from "node:events";
import {
  type IncomingMessage,
  type Server,
  type ServerResponse,
  createServer,
} from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { InputError } from "../cli/errors.ts";
import type { SecretValue } from "../cli/secret-value.ts";

export interface ProxyOptions {
  port: number;
  /** The service, without a path. */
  target: string;
  fetch: typeof fetch;
  /** What Cloud Run's invoker check wants to see, as it is now. */
  identity: () => Promise<SecretValue>;
  /** Told why a request was not forwarded. */
  log: (line: string) => void;
}

/** Of one connection, or what is made anew on the way. */
const NOT_FORWARDED = new Set([
  ...["connection", "keep-alive", "proxy-authorization", "proxy-connection"],
  ...["te", "trailer", "transfer-encoding", "upgrade", "host", "expect"],
  ...["content-length", "content-encoding", "accept-encoding"],
  "x-serverless-authorization",
]);

/**
 * Forwards what this machine asks to the service, with an identity. Only this machine reaches it, and no page
 * of a browser: loopback alone does not keep those out. Returns its URL. Throws InputError where the port is taken.
 */
export async function startProxy(
  options: ProxyOptions,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    void answer(options, server, request, response);
  });
  try {
    server.listen(options.port, "127.0.0.1");
    await once(server, "listening");
  } catch (cause) {
    throw new InputError(`port ${options.port} of this machine is taken`, {
      hint: "Another --proxy, or LiteLLM itself? Choose one for both the proxy and the settings: --port=4001",
      cause,
    });
  }
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  options: ProxyOptions,
  server: Server,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refusal = findRefusal(request, portOf(server));
  if (refusal !== undefined) {
    sendError(response, 403, refusal);
    return;
  }
  const gone = new AbortController();
  response.on("close", () => {
    gone.abort();
  });
  try {
    await forward(options, request, response, gone.signal);
  } catch (error) {
    if (gone.signal.aborted) return;
    const reason = describe(error);
    options.log(`${request.method ?? ""} ${request.url ?? ""}: ${reason}`);
    if (response.headersSent) response.destroy();
    else sendError(response, 502, `not forwarded: ${reason}`);
  }
}

/** A page of another site could reach loopback through its visitor's browser: by its own name, or with its own origin. */
function findRefusal(
  { headers }: IncomingMessage,
  port: number,
): string | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host = "", origin } = headers;
  if (!hosts.includes(host)) return "asked by another name than 127.0.0.1";
  if (origin === undefined) return undefined;
  return hosts.some((own) => origin === `http://${own}`)
    ? undefined
    : "asked by a page of another site";
}

async function forward(
  { target, fetch, identity }: ProxyOptions,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const [token, body] = await Promise.all([identity(), buffer(request)]);
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || NOT_FORWARDED.has(name)) continue;
    headers.set(name, [value].flat().join(", "));
  }
  headers.set("X-Serverless-Authorization", `Bearer ${token.reveal()}`);
  const answered = await fetch(`${target}${request.url ?? "/"}`, {
    method: request.method ?? "GET",
    headers,
    ...(body.length > 0 && { body: new Uint8Array(body) }),
    redirect: "manual",
    signal,
  });
  response.statusCode = answered.status;
  for (const [name, value] of answered.headers) {
    if (!NOT_FORWARDED.has(name)) response.appendHeader(name, value);
  }
  response.flushHeaders();
  if (answered.body === null) response.end();
  else await pipeline(Readable.fromWeb(answered.body), response);
}

/** In the form of LiteLLM's own errors, which clients show. */
function sendError(
  response: ServerResponse,
  status: number,
  message: string,
): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(
    JSON.stringify({ error: { message: `connect --proxy: ${message}` } }),
  );
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error
    ? `${error.message}: ${cause.message}`
    : error.message;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
