import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { RedisUse } from "../../../scripts/lib/litellm-config/redis-uses.ts";
import {
  type LitellmDouble,
  sendError,
  startLitellmDouble,
} from "../../support/litellm-double.ts";
import { sendJson } from "../../support/servers.ts";
import { failuresOf, makeTarget, namesOf, verify } from "./target.ts";

// What LiteLLM answers is that of the real one (test/clients/redis.test.ts).

const CACHE = "/cache/ping";
const TRIAL = "/coordination_redis/settings/test";

const CONNECTION = { host: "os.environ/CACHE_HOST", port: 6379 };
const REDIS: readonly RedisUse[] = [
  { part: "cache_params", connection: { type: "redis", ...CONNECTION } },
  { part: "router_settings", connection: CONNECTION },
];

let gateway: LitellmDouble;

beforeAll(async () => {
  gateway = await startLitellmDouble();
});
afterEach(() => {
  gateway.intrude(() => false);
  gateway.requests.length = 0;
});
afterAll(() => gateway.close());

/** What the gateway says of its cache, and of the connection that it tries. */
function answers(
  ping: { status: number },
  trial: { status: number; body: object },
): void {
  gateway.intrude(({ path, authorized }, response) => {
    if (!authorized || (path !== CACHE && path !== TRIAL)) return false;
    if (path === TRIAL) sendJson(response, trial.status, trial.body);
    else if (ping.status === 200) sendJson(response, 200, {});
    else sendError(response, ping.status, "cache_ping_error", "Unhealthy");
    return true;
  });
}

test("a Redis that the config names is asked for where LiteLLM uses it", async () => {
  answers({ status: 200 }, { status: 200, body: { status: "healthy" } });
  const report = await verify(makeTarget(gateway.url, { redis: REDIS }));
  expect(failuresOf(report)).toEqual([]);
  expect(namesOf(report.results)).toEqual(
    expect.arrayContaining(["redis cache_params", "redis router_settings"]),
  );
  const { body = "" } = gateway.requests.find((r) => r.path === TRIAL) ?? {};
  expect(JSON.parse(body)).toEqual({ settings: CONNECTION });
});

test("nothing is asked where the config names none", async () => {
  await verify(makeTarget(gateway.url));
  const asked = gateway.requests.map(({ path }) => path);
  expect(asked).not.toContain(CACHE);
  expect(asked).not.toContain(TRIAL);
});

test("one that does not answer fails, with what says where it is", async () => {
  const error = "Error 111 connecting to 10.0.0.3:6379. Connection refused.";
  const body = { status: "unhealthy", error };
  answers({ status: 503 }, { status: 200, body });
  const report = await verify(makeTarget(gateway.url, { redis: REDIS }));
  expect(namesOf(failuresOf(report))).toEqual([
    "redis cache_params",
    "redis router_settings",
  ]);
  const [cache, router] = failuresOf(report);
  expect(cache?.detail).toContain("cannot write to its cache");
  expect(router?.detail).toBe(`LiteLLM does not reach it: ${error}`);
  expect(cache?.hint).toBe(router?.hint);
  expect(cache?.hint).toContain("Look at CACHE_HOST");
  expect(cache?.hint).toContain("VPC_EGRESS=private-ranges-only");
});

test("a variable that the service has not is told", async () => {
  const error = "coordination_redis needs a connection target: set one of host";
  answers({ status: 200 }, { status: 400, body: { detail: { error } } });
  const report = await verify(makeTarget(gateway.url, { redis: REDIS }));
  expect(failuresOf(report)[0]?.detail).toContain("needs a connection target");
});

test("a LiteLLM that cannot be asked is no failure", async () => {
  answers({ status: 404 }, { status: 404, body: { detail: "Not Found" } });
  const report = await verify(makeTarget(gateway.url, { redis: REDIS }));
  expect(report.ok).toBe(true);
  expect(report.results.filter(({ check }) => check === "redis")).toMatchObject(
    REDIS.map(({ part }) => ({
      subject: part,
      detail: "LiteLLM does not tell",
    })),
  );
});
