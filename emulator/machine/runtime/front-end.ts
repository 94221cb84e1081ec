import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { findForeignHost } from "../../core/boundary.ts";
import type { Cloud } from "../../core/cloud.ts";
import { forward } from "./forward.ts";
import type {
  Backend,
  FrontEnd,
  Instance,
  RequestEntry,
  Route,
  Taken,
} from "./instance.ts";
import { checkInvoker } from "./invoker.ts";
import {
  foreign,
  NOT_FOUND,
  RATE_EXCEEDED,
  send,
  TOO_LARGE,
  UNAVAILABLE,
} from "./pages.ts";

const LARGEST_REQUEST = 32 * 2 ** 20;

/** Before the route is asked again where a revision has just stopped. */
const REROUTE_MS = 20;

export interface FrontEndOptions {
  cloud: Cloud;
  route: () => Route;
  log: (line: string) => void;
  /** How long a request waits for an instance with room (Cloud Run: 10 s or more). */
  pendingMs: number;
}

/** Google's front end for one URL, on a loopback port. */
export async function startFrontEnd(
  options: FrontEndOptions,
): Promise<FrontEnd> {
  const server = createServer({ requestTimeout: 0 });
  server.on(
    "request",
    (incoming: IncomingMessage, outgoing: ServerResponse) => {
      outgoing.setHeader("Server", "Google Frontend");
      void handle(incoming, outgoing, options).catch((error: unknown) => {
        options.log(`bug in the front end: ${String(error)}`);
        if (!outgoing.headersSent) send(outgoing, UNAVAILABLE);
      });
    },
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeIdleConnections();
      await closed;
    },
    abort: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function handle(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  options: FrontEndOptions,
): Promise<void> {
  const started = performance.now();
  const elsewhere = findForeignHost(incoming);
  if (elsewhere !== undefined) {
    send(outgoing, foreign(elsewhere));
    options.log(
      `${incoming.method ?? ""} ${incoming.url ?? ""} 403 ${elsewhere}`,
    );
    return;
  }
  const route = options.route();
  const path = incoming.url ?? "/";
  const checked = checkInvoker(options.cloud, route, path, incoming.headers);
  let served: Instance | undefined;
  if ("refusal" in checked) {
    send(outgoing, checked.refusal);
  } else if (Number(incoming.headers["content-length"]) > LARGEST_REQUEST) {
    send(outgoing, TOO_LARGE);
  } else {
    served = await serve(incoming, outgoing, checked.headers, options);
  }
  const milliseconds = Math.round(performance.now() - started);
  served?.spec.logRequest(describe(incoming, outgoing, milliseconds));
  options.log(
    `${incoming.method ?? ""} ${path} ${outgoing.statusCode} ${milliseconds}ms ${served?.spec.revision ?? "-"}`,
  );
}

/** As Cloud Run's request log has it. */
function describe(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  milliseconds: number,
): RequestEntry {
  const { headers, method = "", url = "", httpVersion, socket } = incoming;
  const status = outgoing.statusCode;
  return {
    severity: status >= 500 ? "ERROR" : status >= 400 ? "WARNING" : "INFO",
    httpRequest: {
      requestMethod: method,
      requestUrl: `http://${headers.host ?? ""}${url}`,
      status,
      userAgent: headers["user-agent"] ?? "",
      remoteIp: socket.remoteAddress ?? "",
      latency: `${(milliseconds / 1000).toFixed(3)}s`,
      protocol: `HTTP/${httpVersion}`,
    },
  };
}

/** Answers which instance took the request. */
async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  headers: IncomingHttpHeaders,
  options: FrontEndOptions,
): Promise<Instance | undefined> {
  const pending = AbortSignal.timeout(options.pendingMs);
  const gone = new AbortController();
  outgoing.once("close", () => {
    gone.abort();
  });
  const signal = AbortSignal.any([pending, gone.signal]);
  // A revision may stop between being chosen and having room: then another one is chosen.
  while (!signal.aborted) {
    const backend = choose(options.route().backends);
    if (backend === undefined) {
      send(outgoing, NOT_FOUND);
      return undefined;
    }
    let taken: Taken | undefined;
    try {
      taken = await backend.take(signal);
    } catch {
      // Its own log says why no instance came up.
      send(outgoing, UNAVAILABLE);
      return undefined;
    }
    if (taken === undefined) {
      if (pending.aborted) refuse(outgoing, backend);
      else await delay(REROUTE_MS);
      continue;
    }
    const { instance, release } = taken;
    try {
      await forward(incoming, outgoing, headers, instance);
    } finally {
      release();
    }
    return instance;
  }
  return undefined;
}

function refuse(outgoing: ServerResponse, backend: Backend): void {
  send(outgoing, RATE_EXCEEDED);
  backend.log({
    stream: "system",
    severity: "ERROR",
    text: "The request was aborted because there was no available instance. Additional troubleshooting documentation can be found at: https://cloud.google.com/run/docs/troubleshooting#abort-request",
  });
}

/** By chance, in proportion to the percentages. */
function choose(backends: readonly Backend[]): Backend | undefined {
  const total = backends.reduce((sum, backend) => sum + backend.percent, 0);
  let rest = Math.random() * total;
  return backends.find((backend) => {
    rest -= backend.percent;
    return rest < 0;
  });
}
