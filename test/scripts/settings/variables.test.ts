import { describe, expect, test } from "vitest";
import {
  NOTHING_NAMED,
  listReferences,
  viewManifest,
} from "../../../scripts/lib/settings/named-variables.ts";
import { isSecretName } from "../../../scripts/lib/settings/secret-names.ts";
import {
  type Settings,
  makeSettings,
} from "../../../scripts/lib/settings/settings.ts";

/** An env that deploys a config which names `references`. */
function make(
  references: string[],
  values: Record<string, string> = {},
  manifest: string[] = ["LITELLM_LOG"],
): Settings {
  const all = { PROJECT_ID: "my-project", REGION: "us-central1", ...values };
  const entries = Object.entries(all).map(
    ([name, value], line) =>
      [name, { value, from: `envs/dev.env:${String(line + 1)}` }] as const,
  );
  const named = { ...NOTHING_NAMED, references, manifest };
  return makeSettings("dev", new Map(entries), named);
}

const keysOf = (settings: Settings): string[] =>
  settings.keys.map(({ variable, secret }) => `${variable} ${secret}`);

describe("a config refers to", () => {
  test("what it names as a whole value, comments aside", () => {
    const text = `
# api_key: os.environ/IN_A_COMMENT
model_list:
  - litellm_params: {model: openai/x, api_key: os.environ/OPENAI_API_KEY}
litellm_settings:
  cache_params: {host: os.environ/REDIS_HOST, port: x-os.environ/PART}
general_settings:
  pass_through_endpoints:
    - headers: {Authorization: "bearer os.environ/COHERE_API_KEY"}
`;
    expect(listReferences(text)).toEqual([
      "OPENAI_API_KEY",
      "REDIS_HOST",
      "COHERE_API_KEY",
    ]);
  });

  test.each([
    ["model: openai/gpt-5.5", "OPENAI_API_KEY"],
    ["model: gpt-5.5", "OPENAI_API_KEY"],
    ["model: claude-opus-5", "ANTHROPIC_API_KEY"],
    ["model: gemini/gemini-3.8-flash", "GEMINI_API_KEY"],
    ["model: x, custom_llm_provider: mistral", "MISTRAL_API_KEY"],
    ["model: openai/x, api_key: none", undefined],
    ["model: openai/x, litellm_credential_name: mine", undefined],
    ["model: vertex_ai/gemini-3.8-flash", undefined],
    // Several ways to log in: which one is the operator's.
    ["model: bedrock/anthropic.claude-opus-5", undefined],
  ])("the key that LiteLLM looks for itself: {%s}", (params, variable) => {
    const text = `model_list: [{model_name: a, litellm_params: {${params}}}]`;
    expect(listReferences(text)).toEqual(variable ? [variable] : []);
  });

  test("nothing where it is not readable", () => {
    expect(listReferences("model_list: [")).toEqual([]);
    expect(listReferences("a: &a {b: *a, c: os.environ/C}")).toEqual(["C"]);
    expect(
      listReferences("model_list: [3, null, {litellm_params: x}]"),
    ).toEqual([]);
    expect(listReferences("")).toEqual([]);
  });
});

test.each([
  "OPENAI_API_KEY",
  "GEMINI_API_KEY_2",
  "HF_TOKEN",
  "REDIS_PASSWORD",
  "AWS_ACCESS_KEY_ID",
  "SLACK_WEBHOOK_URL",
  "SENTRY_DSN",
])("%s is a secret by its name", (name) => {
  expect(isSecretName(name)).toBe(true);
});

test.each(["REDIS_HOST", "AZURE_API_BASE", "LANGFUSE_HOST", "KEYBOARD"])(
  "%s is none by its name",
  (name) => {
    expect(isSecretName(name)).toBe(false);
  },
);

describe("an env's keys", () => {
  test("are the master key, and what its config names", () => {
    expect(keysOf(make([]))).toEqual(["LITELLM_MASTER_KEY litellm-master-key"]);
    expect(keysOf(make(["OPENAI_API_KEY", "GEMINI_API_KEY"]))).toEqual([
      "LITELLM_MASTER_KEY litellm-master-key",
      "GEMINI_API_KEY litellm-gemini-key",
      "OPENAI_API_KEY litellm-openai-api-key",
    ]);
  });

  test("are in one order, whatever the config's", () => {
    const names = ["XAI_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY_2"];
    expect(keysOf(make(names))).toEqual(keysOf(make(names.toReversed())));
  });

  test("lie in the secrets that the env names", () => {
    const values = {
      OPENAI_API_KEY_SECRET: "shared-openai",
      GEMINI_KEY_SECRET: "shared-gemini",
    };
    expect(keysOf(make(["OPENAI_API_KEY", "GEMINI_API_KEY"], values))).toEqual([
      "LITELLM_MASTER_KEY litellm-master-key",
      "GEMINI_API_KEY shared-gemini",
      "OPENAI_API_KEY shared-openai",
    ]);
  });

  test("are what the env says, against their names", () => {
    const settings = make(["LANGFUSE_PUBLIC_KEY"], {
      SECRET_VARIABLES: "REDIS_URL",
      PLAIN_VARIABLES: "LANGFUSE_PUBLIC_KEY,LANGFUSE_HOST",
      LANGFUSE_PUBLIC_KEY: "pk-lf-1",
      LANGFUSE_HOST: "https://langfuse.example.com",
    });
    expect(keysOf(settings)).toEqual([
      "LITELLM_MASTER_KEY litellm-master-key",
      "REDIS_URL litellm-redis-url",
    ]);
    expect(settings.variables).toEqual({
      LANGFUSE_HOST: "https://langfuse.example.com",
      LANGFUSE_PUBLIC_KEY: "pk-lf-1",
    });
  });

  test("have none that the manifest gives itself", () => {
    expect(keysOf(make(["HF_TOKEN"], {}, ["HF_TOKEN"]))).toHaveLength(1);
  });
});

test("what is no secret has its value from the env file", () => {
  const settings = make(["REDIS_HOST", "REDIS_PORT"], {
    REDIS_HOST: "10.0.0.3",
  });
  expect(settings.variables).toEqual({ REDIS_HOST: "10.0.0.3" });
});

describe("an env file is refused that", () => {
  test.each([
    [
      "holds a key of the config",
      { OPENAI_API_KEY: "x" },
      "envs/dev.env:3: OPENAI_API_KEY: env files hold no secrets",
    ],
    [
      "holds a secret under another name",
      { REDIS_HOST: "redis://u:password@10.0.0.3" },
      "envs/dev.env:3: REDIS_HOST: its value looks like a secret: take it out, and name it: SECRET_VARIABLES=REDIS_HOST",
    ],
    [
      "names a variable for both",
      { SECRET_VARIABLES: "A", PLAIN_VARIABLES: "A" },
      "PLAIN_VARIABLES: A is in SECRET_VARIABLES too",
    ],
    [
      "gives a variable no value",
      { PLAIN_VARIABLES: "LANGFUSE_HOST" },
      "PLAIN_VARIABLES: LANGFUSE_HOST has no value",
    ],
    [
      "leads to a database",
      { SECRET_VARIABLES: "DATABASE_URL" },
      "envs/dev.env:3: SECRET_VARIABLES: DATABASE_URL leads LiteLLM to a database",
    ],
    [
      "sets what Cloud Run sets",
      { PLAIN_VARIABLES: "PORT", PORT: "1" },
      "PLAIN_VARIABLES: PORT is set by Cloud Run itself",
    ],
    [
      "sets what the manifest sets",
      { PLAIN_VARIABLES: "LITELLM_LOG", LITELLM_LOG: "DEBUG" },
      "PLAIN_VARIABLES: LITELLM_LOG is given by config/service.yaml already",
    ],
    [
      "puts two keys into one secret",
      { OPENAI_API_KEY_SECRET: "litellm-master-key" },
      "OPENAI_API_KEY_SECRET: secret litellm-master-key holds LITELLM_MASTER_KEY already",
    ],
    [
      "names a secret that cannot be",
      { OPENAI_API_KEY_SECRET: "a/b" },
      'envs/dev.env:3: OPENAI_API_KEY_SECRET="a/b": expected 1 to 255 letters',
    ],
  ])("%s", (_what, values, message) => {
    const entries = values as unknown as Record<string, string>;
    expect(() => make(["OPENAI_API_KEY", "REDIS_HOST"], entries)).toThrow(
      message,
    );
  });
});

test("the manifest's own variables and secrets are told from those that parameters fill in", () => {
  const text = `
env:
  - name: LITELLM_LOG
    value: ERROR
  - name: LITELLM_MASTER_KEY
    valueFrom:
      secretKeyRef:
        name: "unset" # from-param: \${masterKeySecret}
        key: "unset" # from-param: \${masterKeyVersion}
  - name: HF_TOKEN
    valueFrom:
      secretKeyRef:
        name: my-hf-token
        key: "1"
volumes:
  - name: config
    secret:
      secretName: "unset" # from-param: \${configSecret}
  - name: certificate
    secret:
      secretName: my-certificate
`;
  expect(viewManifest(text)).toEqual({
    manifest: ["LITELLM_LOG", "HF_TOKEN"],
    ownSecrets: ["my-hf-token", "my-certificate"],
  });
});
