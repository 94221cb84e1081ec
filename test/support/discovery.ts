import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ensureLitellm } from "../../emulator/machine/litellm/environment.ts";
import type { Exchange } from "../../emulator/core/exchange.ts";
import { type Schema, checkError, checkValue } from "./discovery-schema.ts";

interface Method {
  id: string;
  path: string;
  flatPath?: string;
  httpMethod: string;
  parameters?: Record<string, { location: string }>;
  response?: { $ref: string };
  /** Where the method takes a file with its message. */
  mediaUpload?: { protocols: Record<string, { path: string }> };
  supportsMediaDownload?: boolean;
}

interface Resource {
  methods?: Record<string, Method>;
  resources?: Record<string, Resource>;
}

/** The part of a Google discovery document that describes answers. */
interface Document extends Resource {
  /** What stands before the path of each method, e.g. `storage/v1/`. */
  servicePath: string;
  parameters: Record<string, unknown>;
  schemas: Record<string, Schema>;
}

export interface Discovery {
  /** What in the exchange is not as Google's discovery document says; empty when all is. */
  check: (exchange: Exchange) => string[];
}

/** By the name of an API: read once for all files of tests that a worker runs. */
const documents = new Map<string, Document[]>();

/** Google's discovery documents, as they lie in the installed google-api-python-client. */
export async function loadDiscovery(): Promise<Discovery> {
  const { sitePackages } = await ensureLitellm(() => undefined);
  const directory = join(
    sitePackages,
    "googleapiclient/discovery_cache/documents",
  );
  if (!existsSync(directory)) {
    throw new Error(`no discovery documents in ${directory}`);
  }
  return {
    check(exchange) {
      if (exchange.api === undefined) return [];
      if (isOwnApi(exchange) || isOauths(exchange)) return [];
      const [name = ""] = exchange.api.split(".");
      const known = documents.get(name) ?? readDocuments(directory, name);
      documents.set(name, known);
      return checkExchange(known, exchange).map(
        (problem) =>
          `${exchange.method} ${exchange.host}${exchange.path} ${exchange.status}: ${problem}`,
      );
    },
  };
}

/** The test that every exchange so far is as Google's discovery documents say. */
export function itConforms(exchanges: () => readonly Exchange[]): void {
  it(
    "answers as Google's discovery documents say",
    // The documents come with LiteLLM's environment, which the first test to need it installs.
    { timeout: 300_000 },
    async () => {
      const discovery = await loadDiscovery();
      expect(exchanges()).not.toEqual([]);
      expect(checkExchanges(discovery, exchanges())).toEqual([]);
    },
  );
}

/** All problems of all exchanges, to compare with `[]`. */
function checkExchanges(
  discovery: Discovery,
  exchanges: readonly Exchange[],
): string[] {
  return exchanges.flatMap((exchange) => discovery.check(exchange));
}

/** Stable versions first. */
function readDocuments(directory: string, name: string): Document[] {
  const files = readdirSync(directory).filter((f) => f.startsWith(`${name}.v`));
  const stable = files.filter((f) => /\.v\d+\.json$/.test(f));
  const others = files.filter((f) => !stable.includes(f));
  return [...stable, ...others].map(
    (file) =>
      JSON.parse(readFileSync(join(directory, file), "utf8")) as Document,
  );
}

/** What Google has no like of. */
function isOwnApi({ path }: Exchange): boolean {
  return path.startsWith("/emulator/");
}

/** What is OAuth's and in no discovery document: STS's errors (RFC 6749), and its introspection (RFC 7662), which gcloud asks. */
function isOauths({ path, status }: Exchange): boolean {
  return path === "/v1/introspect" || (path === "/v1/token" && status >= 400);
}

/** An object's content, or the start of an upload in pieces. */
function isMedia({ path, responseBody }: Exchange): boolean {
  return (
    /[?&]alt=media\b/.test(path) ||
    (/[?&]uploadType=resumable\b/.test(path) && responseBody === "")
  );
}

function checkExchange(documents: Document[], exchange: Exchange): string[] {
  const url = new URL(exchange.path, "http://emulator");
  // A piece of an upload goes to where the upload began.
  const isPiece = url.searchParams.has("upload_id");
  url.searchParams.delete("upload_id");
  // A method that the emulator does not cover, and says so, need not be one of Google's.
  if (exchange.status === 501) return checkError(exchange);
  for (const document of documents) {
    const method = findMethod(
      document,
      isPiece ? "POST" : exchange.method,
      url.pathname,
      document.servicePath,
    );
    if (method === undefined) continue;
    return [
      ...checkQuery(document, method, url),
      ...(exchange.status < 400
        ? checkAnswer(document, method, exchange)
        : checkError(exchange)),
    ];
  }
  return ["Google has no such method"];
}

function checkAnswer(
  { schemas }: Document,
  { response }: Method,
  exchange: Exchange,
): string[] {
  if (response === undefined && exchange.responseBody === "") return [];
  if (isMedia(exchange)) return [];
  const body: unknown = JSON.parse(exchange.responseBody);
  const nothing: Schema = { type: "object", properties: {} };
  return checkValue(schemas, response ?? nothing, body, "response");
}

function checkQuery(document: Document, method: Method, url: URL): string[] {
  return [...new Set(url.searchParams.keys())]
    .filter((name) => !name.startsWith("$"))
    .filter(
      (name) =>
        !Object.hasOwn(document.parameters, name) &&
        method.parameters?.[name]?.location !== "query",
    )
    .map((name) => `query parameter ${name} is unknown to ${method.id}`);
}

function findMethod(
  resource: Resource,
  httpMethod: string,
  pathname: string,
  servicePath: string,
): Method | undefined {
  const own = Object.values(resource.methods ?? {}).find(
    (method) =>
      method.httpMethod === httpMethod &&
      pathsOf(method, servicePath).some((path) =>
        toPattern(path).test(pathname),
      ),
  );
  if (own !== undefined) return own;
  for (const child of Object.values(resource.resources ?? {})) {
    const found = findMethod(child, httpMethod, pathname, servicePath);
    if (found !== undefined) return found;
  }
  return undefined;
}

function pathsOf(method: Method, servicePath: string): string[] {
  const path = `/${servicePath}${method.flatPath ?? method.path}`;
  const uploads = Object.values(method.mediaUpload?.protocols ?? {});
  return [
    path,
    ...(method.supportsMediaDownload === true ? [`/download${path}`] : []),
    ...uploads.map((upload) => upload.path),
  ];
}

function toPattern(path: string): RegExp {
  const source = path
    .split(/(\{\+?\w+\})/)
    .map((part) =>
      part.startsWith("{")
        ? `(?:[^/:]+\\.[^/:]+:)?[^/:]+`
        : part.replaceAll(".", String.raw`\.`),
    )
    .join("");
  return new RegExp(`^${source}$`);
}
