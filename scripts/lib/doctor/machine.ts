import { UserError } from "../cli/errors.ts";
import { readProcessEnv } from "../cli/process-env.ts";
import { type GcloudContext, readGcloudContext } from "../google/context.ts";
import { endpointOf } from "../google/endpoints.ts";
import { runGcloud } from "../google/gcloud.ts";
import { openRoute } from "../google/route.ts";
import { fetch } from "../google/undici.ts";
import { type Seen, look, valueOf } from "./seen.ts";

/** gcloud and the network, as this machine has them. */
export interface Machine {
  /** `528.0.0`. */
  gcloud: Seen<string>;
  context: Seen<GcloudContext>;
  /** gcloud's own, without a login too; empty where there is no gcloud. */
  properties: GcloudContext["properties"];
  /** Milliseconds that this machine's clock is ahead of Google's. Not seen: Google cannot be reached. */
  clock: Seen<number | undefined>;
  /** Proxies and certificates that are set, as `NAME=value`. */
  network: string[];
}

/** Variables that lead gcloud's or Node's calls another way. */
const VARIABLES = [
  "HTTPS_PROXY",
  "https_proxy",
  "HTTP_PROXY",
  "http_proxy",
  "NO_PROXY",
  "no_proxy",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "REQUESTS_CA_BUNDLE",
];

export async function readMachine(): Promise<Machine> {
  const [gcloud, context] = await Promise.all([
    look(readVersion()),
    look(readGcloudContext()),
  ]);
  const properties =
    valueOf(context)?.properties ?? valueOf(await look(readProperties())) ?? {};
  return {
    gcloud,
    context,
    properties,
    clock: await look(readClock(properties)),
    network: listNetwork(properties, readProcessEnv()),
  };
}

async function readVersion(): Promise<string> {
  const stdout = await runGcloud({ args: ["version", "--format=json"] });
  const versions = JSON.parse(stdout) as Record<string, string>;
  return versions["Google Cloud SDK"] ?? "unknown";
}

async function readProperties(): Promise<GcloudContext["properties"]> {
  const stdout = await runGcloud({ args: ["config", "list", "--format=json"] });
  return JSON.parse(stdout) as GcloudContext["properties"];
}

/** Any answer tells the time, a refusal too: no identity and no project is sent. */
async function readClock(
  properties: GcloudContext["properties"],
): Promise<number | undefined> {
  const url = new URL(
    "v1/projects",
    endpointOf({ properties }, "cloudresourcemanager"),
  );
  const before = Date.now();
  const response = await fetch(url, {
    dispatcher: openRoute({ properties }),
    signal: AbortSignal.timeout(15_000),
  }).catch((cause: unknown) => {
    throw new UserError(`${url.host} cannot be reached`, { cause });
  });
  await response.body?.cancel();
  const theirs = Date.parse(response.headers.get("date") ?? "");
  return Number.isNaN(theirs) ? undefined : (before + Date.now()) / 2 - theirs;
}

export function listNetwork(
  { proxy, core }: GcloudContext["properties"],
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const ofGcloud = [
    ["proxy", proxy?.address && `${proxy.address}:${proxy.port ?? ""}`],
    ["custom_ca_certs_file", core?.custom_ca_certs_file],
  ] as const;
  return [
    ...ofGcloud.map(([name, value]) => [`gcloud's ${name}`, value] as const),
    ...VARIABLES.map((name) => [name, env[name]] as const),
  ].flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [`${name}=${hide(value)}`],
  );
}

/** A proxy's address may carry a password. */
function hide(value: string): string {
  return value.replace(/\/\/[^/@]*@/, "//…@");
}
