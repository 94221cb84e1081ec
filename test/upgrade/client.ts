import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";

/** Google by way of a proxy, as a developer: all that a replay knows of an emulator. */
export interface Client {
  /** Throws where Google refuses. */
  send: (
    method: string,
    url: string,
    body?: { type: string; content: string | Buffer },
  ) => Promise<unknown>;
}

export function createClient(proxy: string, token: string): Client {
  const { hostname, port } = new URL(proxy);
  return {
    async send(method, url, body) {
      const headers = {
        host: new URL(url).host,
        authorization: `Bearer ${token}`,
        ...(body && { "content-type": body.type }),
        "content-length": Buffer.byteLength(body?.content ?? ""),
      };
      const sent = request({ hostname, port, method, path: url, headers });
      sent.end(body?.content);
      const [answer] = (await once(sent, "response")) as [IncomingMessage];
      const said = await text(answer);
      const status = answer.statusCode ?? 0;
      if (status >= 300) {
        throw new Error(`${method} ${url}: ${String(status)} ${said}`);
      }
      return said === "" ? {} : (JSON.parse(said) as unknown);
    },
  };
}
