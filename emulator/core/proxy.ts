import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { Api } from "./api.ts";
import { findForeign, findForeignOrigin, isOwnHost } from "./boundary.ts";
import type { Cloud } from "./cloud.ts";
import { createDispatcher, type Dispatcher } from "./dispatcher.ts";
import type { Exchange, Recorder } from "./exchange.ts";

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
  close: () => Promise<void>;
}

/** One loopback port that is an HTTP proxy for Google's hosts and a plain server for clients with an endpoint of their own. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const server = createServer();
  server.listen(options.port, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const apis = await options.apis(url);
  const dispatch = createDispatcher(options.cloud, apis, options.log);
  server.on(
    "request",
    (incoming: IncomingMessage, outgoing: ServerResponse) => {
      answer(incoming, outgoing, url, dispatch, options).catch(
        (error: unknown) => {
          options.log(`bug in the proxy: ${String(error)}`);
          outgoing.writeHead(400).end();
        },
      );
    },
  );
  server.on("connect", (incoming: IncomingMessage, socket: Duplex) => {
    refuseTunnel(incoming, socket, options.log);
  });
  return { port, url, close: () => close(server, apis) };
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
  const foreign = ABSOLUTE.test(incoming.url ?? "")
    ? findForeignOrigin(incoming)
    : findForeign(incoming);
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

/** Proxy requests carry a whole URL; the rest is for the emulator's own address. */
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

/**
 * Whatever is not redirected to plain http arrives as a tunnel: refused, so nothing leaves the machine. The reason stands
 * in the status line, because of a refused tunnel gcloud, requests, aiohttp and httpx show the phrase and never the body.
 */
function refuseTunnel(
  incoming: IncomingMessage,
  socket: Duplex,
  log: (line: string) => void,
): void {
  const target = (incoming.url ?? "").replace(/[^\w.:[\]-]/g, "?");
  log(`CONNECT ${target} 403`);
  socket.on("error", () => undefined);
  socket.end(
    `HTTP/1.1 403 ${target} is not covered by the rehearsal in the emulated Google Cloud\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
  );
}

async function close(server: Server, apis: Api[]): Promise<void> {
  server.close();
  server.closeAllConnections();
  await Promise.all(apis.map(async (api) => api.close?.()));
}
