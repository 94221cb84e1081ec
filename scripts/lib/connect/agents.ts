import { exportOutput, exportText, writeFile } from "./bash.ts";
import type { Gateway } from "./gateway.ts";

// Coding agents. What they are told stands in variables, and in files of our
// own: nothing of the user's settings is changed.

/** Anthropic's documentation: "LLM gateway configuration", "Environment variables". */
export function connectClaude(gateway: Gateway): string[] {
  const { url, keyCommand, model, smallModel } = gateway;
  return [
    exportText("ANTHROPIC_BASE_URL", url),
    exportOutput("ANTHROPIC_AUTH_TOKEN", keyCommand),
    "unset ANTHROPIC_API_KEY",
    exportText("ANTHROPIC_MODEL", model),
    ...["FABLE", "OPUS", "SONNET"].map((size) =>
      exportText(`ANTHROPIC_DEFAULT_${size}_MODEL`, model),
    ),
    exportText("ANTHROPIC_DEFAULT_HAIKU_MODEL", smallModel),
    "# then: claude",
  ];
}

/** OpenAI's documentation of Codex: "Configuration Reference". A profile is a file of its own. */
export function connectCodex(gateway: Gateway): string[] {
  const { env, url, keyCommand, model } = gateway;
  const profile = `litellm-${env}`;
  const text = [
    `model = ${JSON.stringify(model)}`,
    `model_provider = "${profile}"`,
    "",
    `[model_providers.${profile}]`,
    `name = "LiteLLM (${env})"`,
    `base_url = ${JSON.stringify(`${url}/v1`)}`,
    'env_key = "LITELLM_API_KEY"',
    'wire_api = "responses"',
  ].join("\n");
  return [
    writeFile(`\${CODEX_HOME:-$HOME/.codex}/${profile}.config.toml`, text),
    exportOutput("LITELLM_API_KEY", keyCommand),
    `# then: codex --profile ${profile}`,
  ];
}

/**
 * Without a chosen way to log in, `gemini -p` takes a base URL for one that it then refuses
 * (tried with 0.61.0). Its home holds its settings, so it gets one of its own.
 */
export function connectGemini(gateway: Gateway): string[] {
  const { env, url, keyCommand, model } = gateway;
  const home = `$HOME/.gemini-litellm-${env}`;
  const settings = {
    security: { auth: { selectedType: "gemini-api-key" } },
    model: { name: model },
    // A user's own choice stands in a home that is not read now.
    privacy: { usageStatisticsEnabled: false },
  };
  return [
    writeFile(
      `${home}/.gemini/settings.json`,
      JSON.stringify(settings, null, 2),
    ),
    `export GEMINI_CLI_HOME="${home}"`,
    exportText("GOOGLE_GEMINI_BASE_URL", url),
    exportOutput("GEMINI_API_KEY", keyCommand),
    "unset GOOGLE_API_KEY GOOGLE_GENAI_USE_VERTEXAI GOOGLE_GENAI_USE_GCA",
    "# then: gemini",
  ];
}

/** opencode's documentation: "Config", "Providers". A file named so is laid over the user's own. */
export function connectOpencode(gateway: Gateway): string[] {
  const { env, url, keyCommand, model, smallModel, chat } = gateway;
  const provider = `litellm-${env}`;
  const config = {
    $schema: "https://opencode.ai/config.json",
    model: `${provider}/${model}`,
    small_model: `${provider}/${smallModel}`,
    provider: {
      [provider]: {
        npm: "@ai-sdk/openai-compatible",
        name: `LiteLLM (${env})`,
        options: {
          baseURL: `${url}/v1`,
          apiKey: "{env:LITELLM_API_KEY}",
        },
        models: Object.fromEntries(chat.map((name) => [name, {}])),
      },
    },
  };
  const file = `$HOME/.config/opencode/${provider}.json`;
  return [
    writeFile(file, JSON.stringify(config, null, 2)),
    `export OPENCODE_CONFIG="${file}"`,
    exportOutput("LITELLM_API_KEY", keyCommand),
    "# then: opencode",
  ];
}
