import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Api } from "./api.ts";
import { findForeign, findForeignOrigin, isOwnHost } from "./boundary.ts";
import { makeCertificates } from "./certificates.ts";
import type { Cloud } from "./cloud.ts";
import { createDispatcher, type Dispatcher } from "./dispatcher.ts";
import type { Exchange, Recorder } from "./exchange.ts";
import {
  TUNNELLED,
  type Tunnels,
  openTunnels,
  tunnelledHost,
} from "./tunnels.ts";

export interface ProxyOptions {
  cloud: Cloud;
  port: number;
  /** Called once the port is known. */
  apis: (url: string) => Promise<Api[]>;
  log: (line: string) => void;
  record: Recorder;
}

export interface Proxy {
  port: number;
  url: string;
  /** The certificate, PEM, that clients of tunnels are to trust. */
  authority: string;
  close: () => Promise<void>;
}

/** One loopback port that is an HTTP proxy for Google's hosts and a plain server for clients with an endpoint of their own. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const server = createServer();
  server.listen(options.port, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const [apis, certificates] = await Promise.all([
    options.apis(url),
    makeCertificates(TUNNELLED),
  ]);
  const dispatch = createDispatcher(options.cloud, apis, options.log);
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    answer(incoming, outgoing, url, dispatch, options).catch(
      (error: unknown) => {
        options.log(`bug in the proxy: ${String(error)}`);
        outgoing.writeHead(400).end();
      },
    );
  };
  const tunnels = openTunnels(certificates, onRequest, options.log);
  server.on("request", onRequest);
  server.on("connect", tunnels.connect);
  const { authority } = certificates;
  return { port, url, authority, close: () => close(server, tunnels, apis) };
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  url: string,
  dispatch: Dispatcher,
  options: ProxyOptions,
): Promise<void> {
  const started = performance.now();
  const body = await buffer(incoming);
  const foreign = findWhyNot(incoming);
  if (foreign !== undefined) {
    options.log(
      `${incoming.method ?? ""} ${incoming.url ?? ""} 403 ${foreign}`,
    );
    refuse(outgoing, foreign);
    return;
  }
  const request = toRequest(incoming, body, url, abortedBy(outgoing));
  const ownAddress = request.url.startsWith(`${url}/`);
  const { response, api, caller } = await dispatch(request, ownAddress);
  const sent = await send(response, outgoing);
  const target = new URL(request.url);
  const exchange: Exchange = {
    api,
    method: request.method,
    host: target.host,
    path: `${target.pathname}${target.search}`,
    caller,
    status: response.status,
    requestBody: body.toString(),
    responseBody: sent.toString(),
    milliseconds: Math.round(performance.now() - started),
  };
  options.log(toLine(exchange));
  await options.record(exchange);
  outgoing.end();
}

/** Why the request gets no answer. A page can ask for no whole URL and in no tunnel, but neither can its origin be ours. */
function findWhyNot(incoming: IncomingMessage): string | undefined {
  const host = tunnelledHost(incoming);
  if (host !== undefined && !TUNNELLED.includes(host)) {
    return `The tunnel does not lead to the host "${host}".`;
  }
  return host !== undefined || ABSOLUTE.test(incoming.url ?? "")
    ? findForeignOrigin(incoming)
    : findForeign(incoming);
}

function refuse(outgoing: ServerResponse, why: string): void {
  outgoing.writeHead(403, { "Content-Type": "text/plain" });
  outgoing.end(`The emulated Google Cloud refuses this request. ${why}\n`);
}

/** Passes on each piece as it comes, so that a streamed answer is one, but not its end; returns the whole, also where the client is gone. */
async function send(
  response: Response,
  outgoing: ServerResponse,
): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const piece of body ?? []) {
    if (!outgoing.destroyed) outgoing.write(piece);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Aborts when the client goes away before it has its answer. */
function abortedBy(outgoing: ServerResponse): AbortSignal {
  const controller = new AbortController();
  outgoing.on("close", () => {
    if (!outgoing.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** What a client of a proxy asks for: a whole URL. No page can make its browser ask so. */
const ABSOLUTE = /^https?:\/\//i;

/** Proxy requests carry a whole URL, those in a tunnel a host; the rest is for the emulator's own address. */
function toRequest(
  incoming: IncomingMessage,
  body: Buffer,
  url: string,
  signal: AbortSignal,
): Request {
  const method = incoming.method ?? "GET";
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  return new Request(toAddress(incoming, url), {
    method,
    headers,
    signal,
    ...(method !== "GET" &&
      method !== "HEAD" && { body: new Uint8Array(body) }),
  });
}

function toAddress(incoming: IncomingMessage, url: string): URL {
  const target = incoming.url ?? "/";
  const tunnelled = tunnelledHost(incoming);
  if (tunnelled !== undefined) return new URL(`https://${tunnelled}${target}`);
  // Not resolved against the address: `//elsewhere/path` would lead elsewhere.
  if (!ABSOLUTE.test(target)) return new URL(`${url}${target}`);
  const { host, pathname, search } = new URL(target);
  return isOwnHost(host, incoming.socket.localPort)
    ? new URL(`${url}${pathname}${search}`)
    : new URL(target);
}

function toLine(exchange: Exchange): string {
  const { method, host, path, status, milliseconds, caller } = exchange;
  return `${method} ${host}${path} ${status} ${milliseconds}ms ${caller ?? "-"}`;
}

async function close(
  server: Server,
  tunnels: Tunnels,
  apis: Api[],
): Promise<void> {
  tunnels.close();
  server.close();
  server.closeAllConnections();
  await Promise.all(apis.map(async (api) => api.close?.()));
}
