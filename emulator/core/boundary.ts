import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

/** How a request names who it is for and where it comes from. */
type Arrival = Pick<IncomingMessage, "headers" | "socket">;

/**
 * Why a request to a loopback port of ours gets no answer; undefined where it may. A page of the web reaches these
 * ports too: across origins, which its browser then says, or by DNS rebinding, where the browser believes that the port
 * belongs to the page's own host, and says that host.
 */
export function findForeign(incoming: Arrival): string | undefined {
  return findForeignHost(incoming) ?? findForeignOrigin(incoming);
}

/** The same without the origin, for a service that pages may call with a key of their own (CORS is its business). */
export function findForeignHost({
  headers,
  socket,
}: Arrival): string | undefined {
  const { host = "" } = headers;
  if (isOwnHost(host, socket.localPort)) return undefined;
  return `It answers at 127.0.0.1:${String(socket.localPort)}, not for the host "${host}".`;
}

/** A browser names the origin of every request that a page makes, but for a plain GET; that one has Sec-Fetch-Site. */
export function findForeignOrigin({
  headers,
  socket,
}: Arrival): string | undefined {
  const { origin } = headers;
  if (origin !== undefined && !isOwnOrigin(origin, socket.localPort)) {
    return `It answers no page of the origin "${origin}".`;
  }
  const site = fetchSite(headers);
  if (site === undefined || site === "same-origin" || site === "none") {
    return undefined;
  }
  return `It answers no page of another origin (Sec-Fetch-Site: ${site}).`;
}

/** Whether `host`, as in a Host header, is a loopback name with the port. */
export function isOwnHost(host: string, port: number | undefined): boolean {
  return ["127.0.0.1", "localhost"].some(
    (name) => host.toLowerCase() === `${name}:${String(port)}`,
  );
}

function isOwnOrigin(origin: string, port: number | undefined): boolean {
  const scheme = "http://";
  return (
    origin.startsWith(scheme) && isOwnHost(origin.slice(scheme.length), port)
  );
}

function fetchSite(headers: IncomingHttpHeaders): string | undefined {
  const site = headers["sec-fetch-site"];
  return Array.isArray(site) ? site.join(", ") : site;
}
