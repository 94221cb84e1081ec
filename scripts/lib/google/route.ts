import { readFileSync } from "node:fs";
import { InputError } from "../cli/errors.ts";
import { readProcessEnv } from "../cli/process-env.ts";
import type { GcloudContext } from "./context.ts";
import {
  Agent,
  type Dispatcher,
  EnvHttpProxyAgent,
  ProxyAgent,
} from "./undici.ts";

type Properties = GcloudContext["properties"];

/** Plain-http endpoints go through a proxy as they are, not by CONNECT. */
const proxyTunnel = false;

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * The way to Google that gcloud takes: the proxy of its properties, else that
 * of the shell (HTTPS_PROXY, HTTP_PROXY, NO_PROXY), and the certificates that it
 * trusts. Throws InputError where these cannot be used.
 */
export function openRoute({
  properties,
}: Pick<GcloudContext, "properties">): Dispatcher {
  refuseUnchecked(properties);
  const trust = readTrust(properties);
  const uri = findProxy(properties);
  if (uri !== undefined) {
    const token = findProxyLogin(properties);
    return new ProxyAgent({
      uri,
      proxyTunnel,
      ...trust,
      ...(token !== undefined && { token }),
    });
  }
  const shell = readProcessEnv();
  return new EnvHttpProxyAgent({
    httpProxy: readProxy("HTTP_PROXY"),
    httpsProxy: readProxy("HTTPS_PROXY"),
    noProxy: shell.no_proxy ?? shell.NO_PROXY ?? "",
    proxyTunnel,
    ...trust,
  });
}

/** As `openRoute`, but for what is on this machine: no proxy stands between it and itself. */
export function openRoutes(
  context: Pick<GcloudContext, "properties">,
): (host: string) => Dispatcher {
  const route = openRoute(context);
  const direct = new Agent(readTrust(context.properties));
  return (host) => (LOOPBACK.test(host) ? direct : route);
}

/** gcloud sends its tokens to whoever answers then; we do not. */
function refuseUnchecked({ auth }: Properties): void {
  const value = auth?.disable_ssl_validation ?? "";
  if (!/^(true|1|on|yes|y)$/i.test(value)) return;
  throw new InputError(
    "gcloud's property auth/disable_ssl_validation is on: tokens and keys would go to whoever answers",
    {
      hint: "Name your proxy's certificate instead: gcloud config unset auth/disable_ssl_validation && gcloud config set core/custom_ca_certs_file FILE",
    },
  );
}

/** The certificates to trust, as undici's agents take them: of the other end, and of what is behind a proxy. */
function readTrust(properties: Properties): {
  requestTls?: { ca: string[] };
  connect?: { ca: string[] };
} {
  const ca = readAuthorities(properties);
  return ca === undefined ? {} : { requestTls: { ca }, connect: { ca } };
}

/** Undefined: those of Node, which knows NODE_EXTRA_CA_CERTS. As with gcloud, a file of its own stands for all others. */
function readAuthorities({ core }: Properties): string[] | undefined {
  const file = core?.custom_ca_certs_file ?? "";
  if (file === "") return undefined;
  const extra = readProcessEnv().NODE_EXTRA_CA_CERTS ?? "";
  return [file, extra].filter(Boolean).map((name) => {
    try {
      return readFileSync(name, "utf8");
    } catch (cause) {
      throw new InputError(`the certificates in ${name} cannot be read`, {
        hint: "See: gcloud config get core/custom_ca_certs_file; echo $NODE_EXTRA_CA_CERTS",
        cause,
      });
    }
  });
}

function findProxy({ proxy }: Properties): string | undefined {
  if (proxy?.address === undefined || proxy.port === undefined) {
    return undefined;
  }
  const type = proxy.type ?? "http";
  if (type === "socks4") {
    throw new InputError("gcloud's proxy is of type socks4", {
      hint: "These scripts know http and socks5: gcloud config set proxy/type socks5",
    });
  }
  const scheme = type === "socks5" ? "socks5" : "http";
  return `${scheme}://${proxy.address}:${proxy.port}`;
}

function findProxyLogin({ proxy }: Properties): string | undefined {
  if (proxy?.username === undefined) return undefined;
  const login = `${proxy.username}:${proxy.password ?? ""}`;
  return `Basic ${Buffer.from(login).toString("base64")}`;
}

/** Empty: none. What is wrong is not shown: a proxy's URL may hold a password. */
function readProxy(name: "HTTP_PROXY" | "HTTPS_PROXY"): string {
  const shell = readProcessEnv();
  const given = shell[name.toLowerCase()] ?? shell[name] ?? "";
  if (given === "") return "";
  const url = given.includes("://") ? given : `http://${given}`;
  if (URL.canParse(url) && /^(https?|socks5?):/.test(url)) return url;
  throw new InputError(`${name} is not the URL of a proxy`, {
    hint: "Write it as http://HOST:PORT.",
  });
}
