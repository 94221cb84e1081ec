import { get } from "node:http";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Probe } from "./instance.ts";

const RETRY_MS = 100;

/** Where the container's ports are here. */
export type PortMap = (containerPort: number) => number;

/**
 * One attempt: true when it succeeded within the probe's timeout. While the
 * port is closed it is tried again until `patienceMs` are over, so that a start
 * is noticed at once and not at the end of a period.
 */
export async function attempt(
  probe: Probe,
  port: number,
  patienceMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  const timeoutMs = probe.timeoutSeconds * 1000;
  for (;;) {
    const result =
      probe.httpGet === undefined
        ? await connectTo(port, timeoutMs)
        : await request(probe.httpGet, port, timeoutMs);
    if (result !== "closed") return result === "passed";
    if (signal.aborted || performance.now() + RETRY_MS > deadline) return false;
    await delay(RETRY_MS);
  }
}

/** The port that the probe asks in the container. */
export function portOf(probe: Probe, containerPort: number): number {
  return probe.httpGet?.port ?? probe.tcpSocket?.port ?? containerPort;
}

/** As Cloud Run's system log names a probe, e.g. `HTTP probe` … `on port 4000 path "/health"`. */
export function describeProbe(
  probe: Probe,
  containerPort: number,
): { kind: string; target: string } {
  const port = portOf(probe, containerPort);
  return probe.httpGet === undefined
    ? { kind: "TCP", target: `on port ${port}` }
    : { kind: "HTTP", target: `on port ${port} path "${probe.httpGet.path}"` };
}

type Result = "passed" | "failed" | "closed";

async function connectTo(port: number, timeoutMs: number): Promise<Result> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", timeout: timeoutMs });
    const end = (result: Result) => {
      socket.destroy();
      resolve(result);
    };
    socket.once("connect", () => {
      end("passed");
    });
    socket.once("timeout", () => {
      end("failed");
    });
    socket.once("error", () => {
      end("closed");
    });
  });
}

async function request(
  target: NonNullable<Probe["httpGet"]>,
  port: number,
  timeoutMs: number,
): Promise<Result> {
  return new Promise((resolve) => {
    const headers = Object.fromEntries(
      (target.httpHeaders ?? []).map(({ name, value }) => [name, value]),
    );
    const outgoing = get({
      host: "127.0.0.1",
      port,
      path: target.path,
      headers: { "User-Agent": "GoogleHC/1.0", ...headers },
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
    });
    outgoing.once("response", (response) => {
      const status = response.statusCode ?? 0;
      response.destroy();
      resolve(status >= 200 && status < 400 ? "passed" : "failed");
    });
    outgoing.once("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code === "ECONNREFUSED" ? "closed" : "failed");
    });
  });
}
