/** Variables that lead LiteLLM to a database (litellm/proxy/proxy_cli.py), or make it keep models there. */
export const DATABASE_VARIABLES = [
  "DATABASE_URL",
  "DATABASE_URL_READ_REPLICA",
  "DATABASE_HOST",
  "DATABASE_NAME",
  "DIRECT_URL",
  "STORE_MODEL_IN_DB",
] as const;
