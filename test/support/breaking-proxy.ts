import { once } from "node:events";
import {
  type IncomingMessage,
  type ServerResponse,
  createServer,
  request,
} from "node:http";
import { type AddressInfo, type Socket, connect } from "node:net";

/** What happens to a request in place of an answer; `late-reset`: after it had its effect. */
export type Fault =
  | { status: number; headers?: Record<string, string> }
  | "reset"
  | "late-reset"
  | "half"
  | "hang";

export interface BreakingProxy {
  url: string;
  port: number;
  /** `GET http://host/path` of each request, and `CONNECT host:port`. */
  seen: string[];
  /** Decides what breaks; nothing does at first. */
  breakWith: (decide: (line: string) => Fault | undefined) => void;
  close: () => Promise<void>;
}

/** A real HTTP proxy on a port of its own that breaks as it is told. `behind`: the proxy that it hands plain requests on to. */
export async function startBreakingProxy(
  behind?: string,
): Promise<BreakingProxy> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  let decide: (line: string) => Fault | undefined = () => undefined;
  const server = createServer((incoming, outgoing) => {
    const line = `${incoming.method ?? ""} ${incoming.url ?? ""}`;
    seen.push(line);
    const fault = decide(line);
    incoming.on("error", () => undefined);
    if (fault === "reset") incoming.socket.resetAndDestroy();
    else if (fault === "half") answerHalf(outgoing);
    else if (typeof fault === "object") answerError(outgoing, fault);
    else if (fault !== "hang") {
      passOn(incoming, outgoing, behind, fault === "late-reset");
    }
  });
  server.on("connect", (incoming: IncomingMessage, socket: Socket) => {
    const line = `CONNECT ${incoming.url ?? ""}`;
    seen.push(line);
    const fault = decide(line);
    socket.on("error", () => undefined);
    if (typeof fault === "object") {
      socket.end(`HTTP/1.1 ${String(fault.status)} No\r\n\r\n`);
      return;
    }
    const [host = "", port = ""] = (incoming.url ?? "").split(":");
    const target = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      target.pipe(socket).pipe(target);
    });
    target.on("error", () => socket.destroy());
    socket.on("close", () => target.destroy());
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    port,
    seen,
    breakWith: (next) => {
      decide = next;
    },
    close: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** The first `count` requests whose line fits break so. */
export function breakFirst(
  count: number,
  fits: RegExp,
  fault: Fault,
): (line: string) => Fault | undefined {
  let left = count;
  return (line) => {
    if (left === 0 || !fits.test(line)) return undefined;
    left -= 1;
    return fault;
  };
}

function answerError(
  outgoing: ServerResponse,
  { status, headers = {} }: Exclude<Fault, string>,
): void {
  const message = "The service is currently unavailable.";
  const error = { code: status, message, status: "UNAVAILABLE" };
  outgoing
    .writeHead(status, { "content-type": "application/json", ...headers })
    .end(JSON.stringify({ error }));
}

function answerHalf(outgoing: ServerResponse): void {
  outgoing.writeHead(200, { "content-type": "application/json" });
  outgoing.write('{"metadata": {');
  setImmediate(() => outgoing.socket?.resetAndDestroy());
}

function passOn(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  behind: string | undefined,
  thenReset: boolean,
): void {
  const target = new URL(incoming.url ?? "");
  const next = behind === undefined ? target : new URL(behind);
  const sent = request(
    {
      host: next.hostname,
      port: next.port,
      method: incoming.method,
      path:
        behind === undefined ? target.pathname + target.search : target.href,
      headers: { ...incoming.headers, host: target.host },
    },
    (answer) => {
      if (thenReset) {
        answer.resume().on("end", () => incoming.socket.resetAndDestroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    },
  );
  sent.on("error", () => incoming.socket.resetAndDestroy());
  incoming.pipe(sent);
}
