import { type Mapping, section } from "./config-view.ts";

/** A Redis that LiteLLM is to use, which it does without where it cannot reach it. */
export interface RedisUse {
  /** The part of the config that names it. */
  part: "cache_params" | "router_settings" | "coordination_redis";
  /** How it is reached, in the words of LiteLLM's `coordination_redis`, `os.environ/…` as it stands. */
  connection: Mapping;
}

/** Each Redis that the config names: of the cache, the router, and of what instances share. */
export function listRedisUses(config: Mapping): RedisUse[] {
  const settings = section(config, "litellm_settings");
  const params = section(settings, "cache_params");
  // With parameters and no type LiteLLM keeps its cache in the instance.
  const { type = Object.keys(params).length === 0 ? "redis" : "local" } =
    params;
  const caches = settings.cache === true && type === "redis";
  const { redis_url, redis_host, redis_port, redis_password } = section(
    config,
    "router_settings",
  );
  // LiteLLM's router wants both, or the address.
  const routes = redis_url ?? (redis_host && redis_port);
  const coordination = section(
    section(config, "general_settings"),
    "coordination_redis",
  );
  const uses: (RedisUse | false)[] = [
    caches && { part: "cache_params", connection: params },
    routes !== undefined && {
      part: "router_settings",
      connection: {
        url: redis_url,
        host: redis_host,
        port: redis_port,
        password: redis_password,
      },
    },
    Object.keys(coordination).length > 0 && {
      part: "coordination_redis",
      connection: coordination,
    },
  ];
  return uses.filter((use) => use !== false);
}
