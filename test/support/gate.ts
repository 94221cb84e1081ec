import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** One request to Google, before it is answered. */
export interface Call {
  method: string;
  /** With the host of the API that takes it. */
  url: string;
  type: string | undefined;
  body: Buffer;
  /** Whether it may change something. */
  isWrite: boolean;
  /** Rejects when whoever asks has gone away. */
  gone: Promise<never>;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Decides what becomes of a request; `undefined` tears its connection. */
export type Judge = (
  call: Call,
  passOn: () => Promise<Answer>,
) => Promise<Answer | undefined>;

export interface Gate {
  /** The variables that send gcloud and the scripts to the emulator, by way of the gate. */
  env: Record<string, string>;
  close: () => void;
}

/** Custom methods that are called by POST and change nothing. */
const READS =
  /:(getIamPolicy|testIamPermissions|access|wait|batchGet|list|generate\w+|sign\w+)(\?|$)/;

/**
 * Stands between an emulator and those who use it as its `env` tells. It needs
 * nothing of the emulator but its address. What goes to Google is judged;
 * everything else, and gcloud's login, passes.
 */
export async function openGate(
  emulatorUrl: string,
  env: Record<string, string>,
  judge: Judge,
): Promise<Gate> {
  const servers: Server[] = [];
  /** The API behind an address of the gate. */
  const apis = new Map<string, string>();
  const open = async (api?: string): Promise<URL> => {
    const server = createServer();
    servers.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const address = new URL(`http://127.0.0.1:${port}/`);
    if (api !== undefined) apis.set(address.host, api);
    server.on("request", (incoming, outgoing) => {
      const url = new URL(incoming.url ?? "/", address);
      pass(incoming, outgoing, { url, emulatorUrl, apis, judge }).catch(
        (error: unknown) => {
          outgoing.destroy(error as Error);
        },
      );
    });
    return address;
  };
  const own: Record<string, string> = {
    ...env,
    CLOUDSDK_PROXY_PORT: (await open()).port,
  };
  for (const [name, value] of Object.entries(env)) {
    const api = /^CLOUDSDK_API_ENDPOINT_OVERRIDES_(\w+)$/.exec(name)?.[1];
    if (api === undefined || !value.startsWith(emulatorUrl)) continue;
    // For clients that heed no proxy: their requests name no host, so the address stands for one.
    own[name] = (await open(`${api.toLowerCase()}.googleapis.com`)).href;
  }
  return {
    env: own,
    close: () => {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

interface Passage {
  url: URL;
  emulatorUrl: string;
  apis: Map<string, string>;
  judge: Judge;
}

async function pass(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { url, emulatorUrl, apis, judge }: Passage,
): Promise<void> {
  const body = await buffer(incoming);
  const { method = "GET", headers } = incoming;
  const api = apis.get(url.host);
  const path = `${url.pathname}${url.search}`;
  const full = api === undefined ? url.href : `http://${api}${path}`;
  const { hostname, port, host } = new URL(emulatorUrl);
  const passOn = async (): Promise<Answer> => {
    const sent = request({
      hostname,
      port,
      method,
      path: api === undefined ? url.href : path,
      headers: { ...headers, host: api === undefined ? url.host : host },
    });
    sent.end(body);
    const [answer] = (await once(sent, "response")) as [IncomingMessage];
    return {
      status: answer.statusCode ?? 500,
      headers: answer.headers,
      body: await buffer(answer),
    };
  };
  const isGoogle = new URL(full).hostname.endsWith(".googleapis.com");
  const answer = isGoogle
    ? await judge(
        {
          method,
          url: full,
          type: headers["content-type"],
          body,
          isWrite: !["GET", "HEAD"].includes(method) && !READS.test(full),
          gone: goneOf(outgoing),
        },
        passOn,
      )
    : await passOn();
  if (answer === undefined) {
    outgoing.destroy();
    return;
  }
  outgoing.writeHead(answer.status, answer.headers);
  outgoing.end(answer.body);
}

function goneOf(outgoing: ServerResponse): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  outgoing.once("close", () => {
    reject(new Error("whoever asked has gone away"));
  });
  return promise;
}
