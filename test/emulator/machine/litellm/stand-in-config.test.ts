import { afterAll, beforeAll, expect, it } from "vitest";
import {
  backendOf,
  httpProbe,
  openRoute,
  startTestRuntime,
  type TestRuntime,
} from "../../../support/runtime.ts";

let test: TestRuntime;

beforeAll(async () => {
  test = await startTestRuntime({ litellm: "stand-in" });
});

afterAll(() => test.runtime.close());

const GOOD = `
model_list: [{ model_name: a, litellm_params: { model: gemini/a } }]
general_settings: { master_key: os.environ/LITELLM_MASTER_KEY }
`;

it.each([
  ["a well-known key", GOOD, "sk-1234", "well-known master key"],
  ["no key", GOOD, undefined, "unset or well-known master key"],
  [
    "an include that is not there",
    `${GOOD}include: [gone.yaml]`,
    "sk-good-key",
    "gone.yaml cannot be read",
  ],
  ["YAML that is none", "model_list: [{", "sk-good-key", "cannot be read"],
  [
    "an entry without a model",
    "model_list: [{ model_name: a, litellm_params: {} }]",
    "sk-good-key",
    "needs model_name and litellm_params.model",
  ],
  [
    "fallbacks that are no lists",
    `${GOOD}router_settings: { fallbacks: [{ a: b }] }`,
    "sk-good-key",
    "The fallbacks of a must be a list.",
  ],
])("does not start with %s", async (_, config, key, why) => {
  test.entries.length = 0;
  const starting = test.runtime.startInstance(
    test.spec({
      image: "docker.io/litellm/litellm:v1.108.14",
      args: ["--config=/etc/litellm/config.yaml"],
      env: { ...(key !== undefined && { LITELLM_MASTER_KEY: key }) },
      files: [
        { path: "/etc/litellm/config.yaml", read: () => Buffer.from(config) },
      ],
      startupProbe: httpProbe("/health/readiness", { failureThreshold: 10 }),
    }),
  );
  await expect(starting).rejects.toThrow("failed to start");
  expect(test.entries.map(({ text }) => text).join("\n")).toContain(why);
  expect(test.entries.at(-1)?.text).toBe("Container called exit(3).");
});

it("refuses calls, and names why, where Python would decide over them", async () => {
  const config = `${GOOD.replace("general_settings: {", "general_settings: { custom_auth: auth.check,")}
litellm_settings: { callbacks: [prometheus, hooks.handler] }
guardrails: [{ guardrail_name: words }]
`;
  const instance = await test.runtime.startInstance(
    test.spec({
      image: "docker.io/litellm/litellm:v1.108.14",
      args: ["--config=/etc/litellm/config.yaml"],
      env: { LITELLM_MASTER_KEY: "sk-good-key" },
      files: [
        { path: "/etc/litellm/config.yaml", read: () => Buffer.from(config) },
      ],
      startupProbe: httpProbe("/health/readiness", { failureThreshold: 10 }),
    }),
  );
  const { url } = await test.runtime.listen(openRoute(backendOf(instance)));
  const response = await fetch(`${url}/v1/models`);
  expect(response.status).toBe(501);
  expect(await response.text()).toContain(
    "stand-in for LiteLLM does not do general_settings.custom_auth, litellm_settings.callbacks, guardrails",
  );
});
