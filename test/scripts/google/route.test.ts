import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { type Server, createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
  vi,
} from "vitest";
import { SecretValue } from "../../../scripts/lib/cli/secret-value.ts";
import type { GcloudContext } from "../../../scripts/lib/google/context.ts";
import { createApiReader } from "../../../scripts/lib/google/rest.ts";
import { createFetch } from "../../../scripts/lib/google/fetch.ts";
import {
  type BreakingProxy,
  startBreakingProxy,
} from "../../support/breaking-proxy.ts";

let directory: string;
let certificate: string;
/** Answers over TLS, with a certificate that nobody else trusts. */
let google: Server;
let host: string;
let proxy: BreakingProxy;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "litellm-route-"));
  const key = path.join(directory, "key.pem");
  certificate = path.join(directory, "certificate.pem");
  await promisify(execFile)("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt"],
    ...["ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
    ...["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
    ...["-keyout", key, "-out", certificate],
  ]);
  google = createServer(
    { key: await readFile(key), cert: await readFile(certificate) },
    (_, response) => response.end('{"ok": true}'),
  );
  google.listen(0, "127.0.0.1");
  await once(google, "listening");
  host = `localhost:${String((google.address() as AddressInfo).port)}`;
});

beforeEach(async () => {
  proxy = await startBreakingProxy();
  for (const name of ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"]) {
    vi.stubEnv(name, undefined);
    vi.stubEnv(name.toLowerCase(), undefined);
  }
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await proxy.close();
});

afterAll(async () => {
  google.close();
  google.closeAllConnections();
  await rm(directory, { recursive: true, force: true });
});

function read(
  properties: GcloudContext["properties"] = {},
  scheme = "https",
): Promise<unknown> {
  const context: GcloudContext = {
    accessToken: new SecretValue("ya29.token"),
    identityToken: undefined,
    properties: {
      api_endpoint_overrides: { run: `${scheme}://${host}/` },
      core: { custom_ca_certs_file: certificate },
      ...properties,
    },
  };
  const reader = createApiReader(context, "my-project");
  return reader({ api: "run", path: "v1/x" });
}

function gcloudProxy(port: number): GcloudContext["properties"] {
  return { proxy: { type: "http", address: "127.0.0.1", port: String(port) } };
}

describe("reads go", () => {
  test("straight to Google where nothing else is said", async () => {
    await expect(read()).resolves.toEqual({ ok: true });
    expect(proxy.seen).toEqual([]);
  });

  test.each(["HTTPS_PROXY", "https_proxy"])("through %s", async (name) => {
    vi.stubEnv(name, proxy.url);
    await expect(read()).resolves.toEqual({ ok: true });
    expect(proxy.seen).toEqual([`CONNECT ${host}`]);
  });

  test("through a proxy that is written without http://", async () => {
    vi.stubEnv("HTTPS_PROXY", `127.0.0.1:${String(proxy.port)}`);
    await read();
    expect(proxy.seen).toEqual([`CONNECT ${host}`]);
  });

  test("past it to the hosts of NO_PROXY", async () => {
    vi.stubEnv("HTTPS_PROXY", proxy.url);
    vi.stubEnv("NO_PROXY", "example.com,localhost");
    await expect(read()).resolves.toEqual({ ok: true });
    expect(proxy.seen).toEqual([]);
  });

  test("through the proxy of gcloud's properties, whatever the shell says", async () => {
    vi.stubEnv("HTTPS_PROXY", "http://127.0.0.1:1");
    vi.stubEnv("NO_PROXY", "*");
    await expect(read(gcloudProxy(proxy.port))).resolves.toEqual({ ok: true });
    expect(proxy.seen).toEqual([`CONNECT ${host}`]);
  });

  test("to plain-http endpoints without a tunnel", async () => {
    vi.stubEnv("HTTP_PROXY", proxy.url);
    vi.stubEnv("GOOGLE_RETRY_SECONDS", "0");
    await expect(read({}, "http")).rejects.toThrow("cannot be reached");
    expect(proxy.seen).toEqual([`GET http://${host}/v1/x`]);
  });
});

describe("what is asked of the service itself goes", () => {
  const SERVICE = "https://litellm.invalid";
  const ask = async (
    service: string,
    properties: GcloudContext["properties"] = {},
  ): Promise<unknown> => {
    const core = { custom_ca_certs_file: certificate };
    const send = createFetch({ properties: { core, ...properties } });
    return (await send(`${service}/v1/models`)).json();
  };

  test("straight to it where nothing else is said, by gcloud's certificates", async () => {
    await expect(ask(`https://${host}`)).resolves.toEqual({ ok: true });
    await expect(ask(`https://${host}`, { core: {} })).rejects.toThrow(
      "fetch failed",
    );
  });

  test("through HTTPS_PROXY, and past it to the hosts of NO_PROXY", async () => {
    proxy.breakWith(() => ({ status: 502 }));
    vi.stubEnv("HTTPS_PROXY", proxy.url);
    await expect(ask(SERVICE)).rejects.toThrow("fetch failed");
    expect(proxy.seen).toEqual(["CONNECT litellm.invalid:443"]);
    vi.stubEnv("NO_PROXY", ".invalid");
    await expect(ask(SERVICE)).rejects.toThrow("fetch failed");
    expect(proxy.seen).toHaveLength(1);
  });

  test("through the proxy of gcloud's properties, but not to this machine", async () => {
    proxy.breakWith(() => ({ status: 502 }));
    const properties = gcloudProxy(proxy.port);
    await expect(ask(SERVICE, properties)).rejects.toThrow("fetch failed");
    expect(proxy.seen).toEqual(["CONNECT litellm.invalid:443"]);
    await expect(ask(`https://${host}`, properties)).resolves.toEqual({
      ok: true,
    });
    expect(proxy.seen).toHaveLength(1);
  });
});

describe("reads are refused", () => {
  test("by a certificate that nobody trusts, at once", async () => {
    await expect(read({ core: {} })).rejects.toThrow(
      `${host} cannot be reached: `,
    );
  });

  test("by a proxy that wants a login, at once and by name", async () => {
    vi.stubEnv("HTTPS_PROXY", proxy.url);
    proxy.breakWith(() => ({ status: 407 }));
    await expect(read()).rejects.toThrow(
      `${host} cannot be reached: Proxy response (407)`,
    );
    expect(proxy.seen).toHaveLength(1);
  });

  test("where gcloud checks no certificates", async () => {
    const auth = { disable_ssl_validation: "True" };
    await expect(async () => read({ auth })).rejects.toThrow(
      "auth/disable_ssl_validation is on",
    );
  });

  test("where the file of certificates cannot be read", async () => {
    const core = { custom_ca_certs_file: "/nowhere.pem" };
    await expect(async () => read({ core })).rejects.toThrow(
      "the certificates in /nowhere.pem cannot be read",
    );
  });

  test("where the proxy is no URL, without its password", async () => {
    vi.stubEnv("HTTPS_PROXY", "ftp://me:hunter2@proxy");
    const error: unknown = await (async () => read())().catch(
      (cause: unknown) => cause,
    );
    expect(String(error)).toContain("HTTPS_PROXY is not the URL of a proxy");
    expect(String(error)).not.toContain("hunter2");
  });
});
