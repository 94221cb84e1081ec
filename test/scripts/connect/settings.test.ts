import { describe, expect, test } from "vitest";
import { chooseModels } from "../../../scripts/lib/connect/choose-models.ts";
import {
  CLIENT_NAMES,
  findClient,
} from "../../../scripts/lib/connect/clients.ts";
import type { Gateway } from "../../../scripts/lib/connect/gateway.ts";
import type { ClientModel } from "../../../scripts/lib/litellm-config/client-models.ts";

const GATEWAY: Gateway = {
  env: "dev",
  url: "https://litellm-proxy-1.us-central1.run.app",
  keyCommand:
    "gcloud secrets versions access 3 --secret=litellm-master-key --project=my-project",
  model: "gemini-4-argon",
  smallModel: "it's small",
  embedding: "gemini-embedding-001",
  chat: ["gemini-4-argon", "it's small"],
};

test("Claude Code: variables alone, each of its sizes a model of the config", () => {
  expect(settingsOf("claude")).toMatchInlineSnapshot(`
    "export ANTHROPIC_BASE_URL=https://litellm-proxy-1.us-central1.run.app
    export ANTHROPIC_AUTH_TOKEN="$(gcloud secrets versions access 3 --secret=litellm-master-key --project=my-project)"
    unset ANTHROPIC_API_KEY
    export ANTHROPIC_MODEL=gemini-4-argon
    export ANTHROPIC_DEFAULT_FABLE_MODEL=gemini-4-argon
    export ANTHROPIC_DEFAULT_OPUS_MODEL=gemini-4-argon
    export ANTHROPIC_DEFAULT_SONNET_MODEL=gemini-4-argon
    export ANTHROPIC_DEFAULT_HAIKU_MODEL='it'\\''s small'
    # then: claude"
  `);
});

test("Codex: a profile of its own", () => {
  expect(settingsOf("codex")).toMatchInlineSnapshot(`
    "mkdir -p "$(dirname "\${CODEX_HOME:-$HOME/.codex}/litellm-dev.config.toml")"
    cat > "\${CODEX_HOME:-$HOME/.codex}/litellm-dev.config.toml" <<'EOF'
    model = "gemini-4-argon"
    model_provider = "litellm-dev"

    [model_providers.litellm-dev]
    name = "LiteLLM (dev)"
    base_url = "https://litellm-proxy-1.us-central1.run.app/v1"
    env_key = "LITELLM_API_KEY"
    wire_api = "responses"
    EOF
    export LITELLM_API_KEY="$(gcloud secrets versions access 3 --secret=litellm-master-key --project=my-project)"
    # then: codex --profile litellm-dev"
  `);
});

test("Gemini CLI: a home of its own", () => {
  expect(settingsOf("gemini")).toMatchInlineSnapshot(`
    "mkdir -p "$(dirname "$HOME/.gemini-litellm-dev/.gemini/settings.json")"
    cat > "$HOME/.gemini-litellm-dev/.gemini/settings.json" <<'EOF'
    {
      "security": {
        "auth": {
          "selectedType": "gemini-api-key"
        }
      },
      "model": {
        "name": "gemini-4-argon"
      },
      "privacy": {
        "usageStatisticsEnabled": false
      }
    }
    EOF
    export GEMINI_CLI_HOME="$HOME/.gemini-litellm-dev"
    export GOOGLE_GEMINI_BASE_URL=https://litellm-proxy-1.us-central1.run.app
    export GEMINI_API_KEY="$(gcloud secrets versions access 3 --secret=litellm-master-key --project=my-project)"
    unset GOOGLE_API_KEY GOOGLE_GENAI_USE_VERTEXAI GOOGLE_GENAI_USE_GCA
    # then: gemini"
  `);
});

test.each(CLIENT_NAMES)("%s reads the key by the command alone", (name) => {
  const settings = settingsOf(name);
  expect(settings).toMatch(
    new RegExp(`^export \\w+="\\$\\(${GATEWAY.keyCommand}\\)"$`, "m"),
  );
  expect(settings).toContain(GATEWAY.url);
});

test("a client that is not known is told with those that are", () => {
  expect(() => findClient("cloude")).toThrow(
    expect.objectContaining({ hint: "Did you mean claude?" }),
  );
  expect(() => findClient(undefined)).toThrow("which client?");
  expect(() => findClient("constructor")).toThrow("not known");
});

describe("models", () => {
  const models: ClientModel[] = [
    model("pro", "chat", "vertex_ai/gemini-4-argon"),
    model("new", "chat", "vertex_ai/of-tomorrow"),
    model("lite", "chat", "vertex_ai/gemini-3.1-flash-lite"),
    model("vectors", "embedding", "vertex_ai/gemini-embedding-001"),
    { ...model("old", "chat", "vertex_ai/gemini-4-argon"), aliasOf: "pro" },
    model("any/*", "other", "vertex_ai/*"),
  ];
  const nothing = { model: undefined, smallModel: undefined };

  test("the first one, and the cheapest one", () => {
    expect(chooseModels(models, nothing)).toEqual({
      model: "pro",
      smallModel: "lite",
      embedding: "vectors",
      chat: ["pro", "new", "lite"],
    });
  });

  test("what is wished for, an alias or of a pattern too", () => {
    const wishes = { model: "old", smallModel: "any/one" };
    expect(chooseModels(models, wishes)).toMatchObject(wishes);
    expect(() => chooseModels(models, { ...nothing, model: "prro" })).toThrow(
      expect.objectContaining({ hint: "Did you mean pro?" }),
    );
  });

  test("a config without a chat model is told", () => {
    expect(() => chooseModels(models.slice(3, 4), nothing)).toThrow(
      "no chat model",
    );
  });
});

function model(
  name: string,
  kind: ClientModel["kind"],
  deployment: string,
): ClientModel {
  return { name, kind, deployments: [{ model: deployment }] };
}

function settingsOf(name: string): string {
  return findClient(name).connect(GATEWAY).join("\n");
}
