import { checkLitellmConfig } from "../../../scripts/lib/litellm-config/check-litellm-config.ts";
import { describe, expect, test } from "vitest";
import { check, list, listHints, write } from "../../support/litellm-config.ts";

describe("the names in a config", () => {
  test.each([
    ["router_settings", { router: "  num_retrys: 2" }, "num_retries"],
    ["litellm_settings", { litellm: "  drop_parms: true" }, "drop_params"],
    [
      "general_settings",
      { general: "  max_in_flight_request_per_worker: 2" },
      "max_in_flight_requests_per_worker",
    ],
    ["the config", { more: "router_setings: {}" }, "router_settings"],
  ])("in %s are an error when they are almost right", (place, parts, near) => {
    const { findings } = check(write(parts));
    expect(findings).toHaveLength(1);
    expect(findings[0]?.severity).toBe("error");
    expect(findings[0]?.message).toMatch(
      new RegExp(`^LiteLLM 1.108.14 does not know \\w+ in ${place}`),
    );
    expect(findings[0]?.hint).toBe(`Did you mean ${near}?`);
  });

  test("are a warning when nobody knows what they were meant to be", () => {
    const text = write({ litellm: "  something_of_tomorrow: true" });
    expect(list(text)).toEqual([
      "7:3 warning: LiteLLM 1.108.14 does not know something_of_tomorrow in litellm_settings, and ignores it",
    ]);
    expect(check(text).config).toBeDefined();
  });

  test("of a deployment are checked", () => {
    const text = write({
      models:
        "  - {model_nme: a, litellm_params: {model: vertex_ai/gemini-3.8-flash}}",
    });
    expect(list(text)).toEqual([
      "2:6 error: LiteLLM 1.108.14 does not know model_nme in model_list[0], and ignores it",
    ]);
  });

  test("that LiteLLM's code reads without documenting them are known", () => {
    expect(list(write({ general: "  use_x_forwarded_for: true" }))).toEqual([]);
  });
});

describe("the values in a config", () => {
  test("of routing_strategy are those that LiteLLM has", () => {
    const text = write({ router: "  routing_strategy: simple-shufle" });
    expect(list(text)).toEqual([
      "10:21 error: router_settings.routing_strategy: simple-shufle is not one of its values",
    ]);
    expect(listHints(text)).toEqual(["Did you mean simple-shuffle?"]);
    expect(list(text.replace("shufle", "shuffle"))).toEqual([]);
  });

  test("have the kinds that LiteLLM expects", () => {
    const text = write({
      router: `  num_retries: "2"
  timeout: -1
  retry_policy: {TimeoutErrorRetry: 1}
  model_group_alias: {old: {model: flash}}`,
    });
    expect(list(text)).toEqual([
      "10:16 error: router_settings.num_retries: expected a whole number, found a text",
      "11:12 error: router_settings.timeout: expected more than 0, found -1",
      "12:18 error: LiteLLM 1.108.14 does not know TimeoutErrorRetry in router_settings.retry_policy, and ignores it",
      "13:23 error: router_settings.model_group_alias.old: hidden is missing",
    ]);
  });

  test("may be references where LiteLLM makes numbers of texts", () => {
    const models = (value: string) =>
      write({
        models: `  - {model_name: a, litellm_params: {model: vertex_ai/gemini-3.8-flash, timeout: ${value}}}`,
      });
    expect(list(models("os.environ/REGION"))).toEqual([]);
    expect(list(models("soon"))).toEqual([
      "2:82 error: model_list[0].litellm_params.timeout: expected a number or os.environ/NAME, found another text",
    ]);
  });

  test("may be empty sections", () => {
    expect(list(write({ more: "router_settings:" }))).toEqual([]);
  });

  test("cannot be a model list without models", () => {
    expect(list(write({ models: "  []" }))).toEqual([
      "2:3 error: model_list: expected at least one, found none",
    ]);
    expect(list(write({}).replace(/model_list:\n.*\n.*\n/, ""))).toEqual([
      "1:1 error: the file: model_list is missing",
    ]);
  });

  test("cannot be in further files", () => {
    expect(list(write({ more: "include: []" }))).toEqual([]);
    expect(list(write({ more: "include: [models.yaml]" }))).toEqual([
      "9:1 error: include names further files, but only this one reaches the service",
    ]);
  });
});

describe("the master key", () => {
  test("is the one of the environment where it is not named", () => {
    const line = "  master_key: os.environ/LITELLM_MASTER_KEY\n";
    expect(list(write({}).replace(line, ""))).toEqual([]);
  });

  test.each(["", ' ""', " null"])("must have a value, not:%s", (value) => {
    const named = " os.environ/LITELLM_MASTER_KEY";
    expect(list(write({}).replace(named, value))).toEqual([
      "8:3 error: master_key has no value: LiteLLM does not take the one of the environment for it, and does not start",
    ]);
  });

  test("must be named where the environment has none", () => {
    const { findings } = checkLitellmConfig(
      write({}).replace("  master_key: os.environ/LITELLM_MASTER_KEY\n", ""),
      {
        file: "config.yaml",
        mode: "vertex",
        provided: new Set(["PROJECT_ID", "REGION"]),
        today: new Date("2026-11-24"),
      },
    );
    expect(findings.map(({ message }) => message)).toContain(
      "general_settings has no master_key, which guards the service",
    );
  });

  test("may not be made optional", () => {
    const text = write({
      general: "  dangerously_permit_weak_or_unset_master_key: true",
    });
    expect(list(text)).toHaveLength(1);
    expect(list(text.replace("key: true", "key: false"))).toEqual([]);
  });
});

describe("what belongs to LiteLLM's enterprise edition", () => {
  test.each([
    ["error", "allowed_ips", { general: "  allowed_ips: [10.0.0.1]" }],
    [
      "error",
      "google_secret_manager",
      { general: "  key_management_system: google_secret_manager" },
    ],
    ["error", "enable_jwt_auth", { general: "  enable_jwt_auth: true" }],
    ["warning", "max_request_size_mb", { general: "  max_request_size_mb: 5" }],
    ["error", "hide_secrets", { litellm: "  callbacks: [hide_secrets]" }],
    ["error", "gcs_bucket", { litellm: "  success_callback: [gcs_bucket]" }],
    ["error", "worker_registry", { more: "worker_registry: [{}]" }],
  ])("is an %s: %s", (severity, name, parts) => {
    const { findings } = check(write(parts));
    expect(findings).toMatchObject([
      {
        severity,
        message: expect.stringMatching(
          new RegExp(`^${name} belongs to LiteLLM's enterprise edition: `),
        ) as string,
      },
    ]);
    expect(list(write(parts), { provided: ["LITELLM_LICENSE"] })).toEqual([]);
  });

  test.each([
    ["a key that is off", { general: "  enable_jwt_auth: false" }],
    ["another key manager", { general: "  key_management_system: google_kms" }],
    ["a free callback", { litellm: "  callbacks: [prometheus]" }],
  ])("is not %s", (_what, parts) => {
    expect(list(write(parts))).toEqual([]);
  });
});
