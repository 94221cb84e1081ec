import { randomBytes } from "node:crypto";
import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type ServerResponse,
} from "node:http";
import { pipeline } from "node:stream";
import type { Instance } from "./instance.ts";
import { BROKEN, send, TIMED_OUT } from "./pages.ts";

/** Of one connection only, so they are not passed on. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

// A connection kept alive can be closed by the container just as a request is
// sent on it. Loopback connections are cheap, so every request gets a new one.
const agent = new Agent({ keepAlive: false });

/** Passes a request to the container and its answer back as it comes. Resolves when it is over. */
export async function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  headers: IncomingHttpHeaders,
  instance: Instance,
): Promise<void> {
  if (outgoing.destroyed) return;
  const upstream = request({
    agent,
    ...addressOf(instance),
    method: incoming.method,
    path: incoming.url,
    headers: requestHeaders(incoming, headers),
  });
  const over = new Promise<void>((resolve) => {
    outgoing.once("close", resolve);
  });
  const timer = setTimeout(() => {
    giveUp(outgoing, TIMED_OUT);
    instance.spec.log({
      stream: "system",
      severity: "ERROR",
      text: "The request has been terminated because it has reached the maximum request timeout. To change this limit, see https://cloud.google.com/run/docs/configuring/request-timeout",
    });
    upstream.destroy();
  }, instance.spec.timeoutSeconds * 1000);
  upstream.once("error", () => {
    giveUp(outgoing, BROKEN);
  });
  upstream.once("response", (answer) => {
    if (outgoing.headersSent) return;
    outgoing.writeHead(
      answer.statusCode ?? 502,
      responseHeaders(answer.headers),
    );
    outgoing.flushHeaders();
    // Ends the answer torn off if the container tears it off.
    pipeline(answer, outgoing, () => undefined);
  });
  incoming.pipe(upstream);
  await over;
  clearTimeout(timer);
  // The client has its answer or has gone; then the container is told so.
  upstream.destroy();
}

function giveUp(outgoing: ServerResponse, page: typeof BROKEN): void {
  if (outgoing.headersSent) outgoing.destroy();
  else send(outgoing, page);
}

function addressOf(instance: Instance): { host: string; port: string } {
  const { hostname, port } = new URL(instance.url);
  return { host: hostname, port };
}

function requestHeaders(
  incoming: IncomingMessage,
  headers: IncomingHttpHeaders,
): OutgoingHttpHeaders {
  const client = incoming.socket.remoteAddress ?? "127.0.0.1";
  const trace = randomBytes(16).toString("hex");
  const forwardedFor = headers["x-forwarded-for"];
  return {
    "x-cloud-trace-context": `${trace}/${BigInt(`0x${randomBytes(7).toString("hex")}`)};o=1`,
    ...endToEnd(headers),
    "x-forwarded-for":
      forwardedFor === undefined
        ? client
        : `${String(forwardedFor)}, ${client}`,
    // The truth, for links that the container makes: there is no TLS here.
    "x-forwarded-proto": "http",
  };
}

function responseHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return { ...endToEnd(headers), server: "Google Frontend" };
}

function endToEnd(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)),
  );
}
