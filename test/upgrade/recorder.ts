import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Write } from "./recording.ts";

export interface Recorder {
  /** In the order of the requests; those that were refused are not among them. */
  writes: Write[];
  /** The variables that send gcloud and the scripts to the emulator, by way of the recorder. */
  env: Record<string, string>;
  close: () => void;
}

/** Custom methods that are called by POST and change nothing. */
const READS =
  /:(getIamPolicy|testIamPermissions|access|wait|batchGet|list|generate\w+|sign\w+)(\?|$)/;

/**
 * Stands between an emulator and those who use it as its `env` tells, and keeps
 * what they write. It needs nothing of the emulator but its address.
 */
export async function startRecorder(
  emulatorUrl: string,
  env: Record<string, string>,
): Promise<Recorder> {
  const writes: (Write | undefined)[] = [];
  const servers: Server[] = [];
  /** The API behind an address of the recorder. */
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
      pass(incoming, outgoing, { url, emulatorUrl, apis, writes }).catch(
        (error: unknown) => {
          outgoing.destroy(error as Error);
        },
      );
    });
    return address;
  };
  const recorded = { ...env, CLOUDSDK_PROXY_PORT: (await open()).port };
  for (const [name, value] of Object.entries(env)) {
    const api = /^CLOUDSDK_API_ENDPOINT_OVERRIDES_(\w+)$/.exec(name)?.[1];
    if (api === undefined || !value.startsWith(emulatorUrl)) continue;
    // For clients that heed no proxy: their requests name no host, so the address stands for one.
    const own = await open(`${api.toLowerCase()}.googleapis.com`);
    recorded[name as keyof typeof recorded] = own.href;
  }
  return {
    get writes() {
      return writes.filter((write) => write !== undefined);
    },
    env: recorded,
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
  writes: (Write | undefined)[];
}

async function pass(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { url, emulatorUrl, apis, writes }: Passage,
): Promise<void> {
  const body = await buffer(incoming);
  const { method = "GET", headers } = incoming;
  const api = apis.get(url.host);
  const path = `${url.pathname}${url.search}`;
  const full = api === undefined ? url.href : `http://${api}${path}`;
  const place = isWrite(method, full) ? writes.push(undefined) - 1 : undefined;
  const { hostname, port, host } = new URL(emulatorUrl);
  const sent = request({
    hostname,
    port,
    method,
    path: api === undefined ? url.href : path,
    headers: { ...headers, host: api === undefined ? url.host : host },
  });
  sent.end(body);
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  const status = answer.statusCode ?? 500;
  outgoing.writeHead(status, answer.headers);
  outgoing.end(await buffer(answer));
  if (place !== undefined && status < 300) {
    const type = headers["content-type"];
    writes[place] = { method, url: full, ...toBody(type, body) };
  }
}

function isWrite(method: string, url: string): boolean {
  const { hostname } = new URL(url);
  return (
    method !== "GET" &&
    method !== "HEAD" &&
    hostname.endsWith(".googleapis.com") &&
    !READS.test(url)
  );
}

function toBody(type = "", body: Buffer): Omit<Write, "method" | "url"> {
  if (body.length === 0) return {};
  if (type.startsWith("application/json")) {
    return { type, json: JSON.parse(body.toString()) as unknown };
  }
  const text = body.toString();
  return Buffer.from(text).equals(body)
    ? { type, text }
    : { type, base64: body.toString("base64") };
}
