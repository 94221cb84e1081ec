import type { IncomingMessage, RequestListener } from "node:http";
import { createServer } from "node:https";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { Certificates } from "./certificates.ts";

/** Hosts of APIs that gcloud 528 cannot be pointed at over plain http: it has no endpoint override for them. */
export const TUNNELLED: readonly string[] = ["billingbudgets.googleapis.com"];

export interface Tunnels {
  /** For the event `connect` of a proxy. */
  connect: (incoming: IncomingMessage, socket: Duplex, head: Buffer) => void;
  close: () => void;
}

/** Ends the TLS of tunnels to these hosts here, and has what comes through answered as any other request. All other tunnels are refused. */
export function openTunnels(
  { certificate, key }: Certificates,
  answer: RequestListener,
  log: (line: string) => void,
): Tunnels {
  const server = createServer({ cert: certificate, key }, answer);
  const open = new Set<Duplex>();
  return {
    connect(incoming, socket, head) {
      if (!TUNNELLED.some((host) => incoming.url === `${host}:443`)) {
        refuse(incoming, socket, log);
        return;
      }
      open.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => open.delete(socket));
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      if (head.length > 0) socket.unshift(head);
      server.emit("connection", socket);
    },
    close() {
      for (const socket of open) socket.destroy();
    },
  };
}

/** The host that a request in a tunnel is for; undefined where it came otherwise. */
export function tunnelledHost({
  headers,
  socket,
}: Pick<IncomingMessage, "headers" | "socket">): string | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  return (headers.host ?? "").toLowerCase().replace(/:443$/, "");
}

/**
 * Whatever is not redirected to plain http arrives as a tunnel: refused, so nothing leaves the machine. The reason stands
 * in the status line, because of a refused tunnel gcloud, requests, aiohttp and httpx show the phrase and never the body.
 */
function refuse(
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
