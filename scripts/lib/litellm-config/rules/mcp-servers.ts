import type { Rule } from "../rule.ts";

/** Where litellm_settings stands there with nothing below it, LiteLLM looks for the servers' other names in it, and fails. */
export const checkMcpServers: Rule = ({ value }) => {
  if (value.litellm_settings !== null || value.mcp_servers === undefined) {
    return [];
  }
  return [
    {
      severity: "error",
      path: ["litellm_settings"],
      at: "key",
      message:
        "litellm_settings is empty: with mcp_servers, LiteLLM does not start with it",
      hint: "Remove the key, or write a setting below it.",
    },
  ];
};
