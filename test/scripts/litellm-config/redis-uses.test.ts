import { expect, test } from "vitest";
import { listRedisUses } from "../../../scripts/lib/litellm-config/redis-uses.ts";
import { list, write } from "../../support/litellm-config.ts";

const HOST = "os.environ/REDIS_HOST";

test("the Redis of the cache, of the router and of what instances share are three", () => {
  const uses = listRedisUses({
    litellm_settings: {
      cache: true,
      cache_params: { type: "redis", host: HOST },
    },
    router_settings: { redis_host: HOST, redis_port: 6379 },
    general_settings: { coordination_redis: { url: "os.environ/REDIS_URL" } },
  });
  expect(uses).toEqual([
    { part: "cache_params", connection: { type: "redis", host: HOST } },
    { part: "router_settings", connection: { host: HOST, port: 6379 } },
    {
      part: "coordination_redis",
      connection: { url: "os.environ/REDIS_URL" },
    },
  ]);
});

test.each([
  ["no cache", { litellm_settings: { cache_params: { type: "redis" } } }],
  [
    "a cache elsewhere",
    { litellm_settings: { cache: true, cache_params: { type: "disk" } } },
  ],
  [
    "a cache without a type",
    { litellm_settings: { cache: true, cache_params: { host: HOST } } },
  ],
  ["a router without a port", { router_settings: { redis_host: HOST } }],
])("%s uses none", (_what, config) => {
  expect(listRedisUses(config)).toEqual([]);
});

test("a cache without parameters is in the Redis of the environment", () => {
  const litellm_settings = { cache: true };
  expect(listRedisUses({ litellm_settings })).toEqual([
    { part: "cache_params", connection: {} },
  ]);
});

test("a cache that names a host and no type is warned of: LiteLLM keeps it in the instance", () => {
  const cache = (params: string) =>
    list(write({ litellm: `  cache: true\n  cache_params: ${params}` }));
  expect(cache("{host: 10.0.0.3}")).toEqual([
    "8:18 warning: cache_params has a host and no type: LiteLLM keeps the cache in each instance's memory",
  ]);
  expect(cache("{ttl: 600}")).toEqual([]);
});
