import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { DEVELOPER } from "../../../emulator/emulator.ts";
import { SecretValue } from "../../../scripts/lib/cli/secret-value.ts";
import {
  type SecretPayloads,
  openPayloads,
} from "../../../scripts/lib/google/secret-payloads.ts";
import {
  type BreakingProxy,
  type Fault,
  breakFirst,
  startBreakingProxy,
} from "../../support/breaking-proxy.ts";
import {
  type TestEmulator,
  startTestEmulator,
} from "../../support/emulator.ts";

const KEY = `sk-${"0123456789abcdef".repeat(4)}`;

let emulator: TestEmulator;
let proxy: BreakingProxy;
let payloads: SecretPayloads;

beforeAll(async () => {
  emulator = await startTestEmulator();
  proxy = await startBreakingProxy(emulator.url);
  await emulator.gcloud(["services", "enable", "secretmanager.googleapis.com"]);
  payloads = openPayloads({
    accessToken: new SecretValue(emulator.cloud.newAccessToken(DEVELOPER)),
    identityToken: undefined,
    properties: {
      api_endpoint_overrides: {
        secretmanager: "http://secretmanager.googleapis.com/",
      },
      proxy: { type: "http", address: "127.0.0.1", port: String(proxy.port) },
    },
  })("demo-litellm");
});

afterEach(() => {
  vi.unstubAllEnvs();
  proxy.breakWith(() => undefined);
});

afterAll(async () => {
  await proxy.close();
  await emulator.close();
});

async function makeSecret(name: string): Promise<void> {
  const made = await emulator.gcloud(["secrets", "create", name]);
  expect(`${String(made.exitCode)} ${made.stderr}`).toMatch(/^0 /);
}

async function listVersions(name: string): Promise<string[]> {
  const { stdout } = await emulator.gcloud([
    ...["secrets", "versions", "list", name, "--format=value(name)"],
  ]);
  return stdout.trim().split("\n");
}

test("a payload goes through the proxy of gcloud's properties, and is read again after what passes", async () => {
  await makeSecret("read");
  expect(await payloads.add("read", new SecretValue(KEY))).toBe(1);
  proxy.breakWith(breakFirst(2, /:access/, { status: 503 }));
  const value = await payloads.access("read", "1");
  expect(value.reveal()).toBe(KEY);
  expect(proxy.seen.filter((line) => line.includes(":access"))).toHaveLength(3);
});

test.each<[string, Fault]>([
  ["was refused for now", { status: 503 }],
  ["was too many", { status: 429 }],
  ["did not arrive", "reset"],
  ["got no answer, although it was stored", "late-reset"],
])("a version that %s is there once in the end", async (what, fault) => {
  const name = what.replaceAll(/\W+/g, "-");
  await makeSecret(name);
  proxy.breakWith(breakFirst(1, /:addVersion/, fault));
  expect(await payloads.add(name, new SecretValue(KEY))).toBe(1);
  expect(await listVersions(name)).toEqual(["1"]);
});

test("a version behind another one that got no answer is there once, too", async () => {
  await makeSecret("second");
  await payloads.add("second", new SecretValue("sk-another"));
  proxy.breakWith(breakFirst(1, /:addVersion/, "late-reset"));
  expect(await payloads.add("second", new SecretValue(KEY))).toBe(2);
  expect(await listVersions("second")).toEqual(["2", "1"]);
});

test("a version that is refused is not sent again, and never shown", async () => {
  const before = proxy.seen.length;
  const error: unknown = await payloads
    .add("absent", new SecretValue(KEY))
    .catch((cause: unknown) => cause);
  expect(String(error)).toContain("adding a version to secret absent failed");
  expect(String(error)).not.toContain(KEY);
  expect(proxy.seen).toHaveLength(before + 1);
});

test("a version that Google does not take for long ends with what Google says", async () => {
  vi.stubEnv("GOOGLE_RETRY_SECONDS", "1");
  await makeSecret("long");
  proxy.breakWith(breakFirst(9, /:addVersion/, { status: 503 }));
  const error: unknown = await payloads
    .add("long", new SecretValue(KEY))
    .catch((cause: unknown) => cause);
  expect(String(error)).toContain("currently unavailable");
  expect(String(error)).not.toContain(KEY);
});
