export interface EnvironmentInput {
  /** The container's own, as Cloud Run would set it. */
  env: Record<string, string>;
  /** Where it must listen here. */
  port: number;
  /** Its private directory. */
  directory: string;
  metadataHost: string;
  geminiUrl: string;
  /** Variables that lead LiteLLM to other emulated providers. */
  providers: Readonly<Record<string, string>>;
  proxyUrl: string | undefined;
}

const ON_THIS_MACHINE = "127.0.0.1,localhost";

/**
 * The whole environment of a container's process: nothing of the emulator's
 * own, so no key or login of the developer's reaches it. The last lines lead
 * LiteLLM to the emulated Google, OpenAI and Anthropic, and everything else nowhere.
 */
export function containerEnvironment(
  input: EnvironmentInput,
): Record<string, string> {
  const { proxyUrl: proxy, metadataHost, geminiUrl } = input;
  return {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    LANG: "C.UTF-8",
    // Google's libraries look for the developer's login below HOME.
    HOME: input.directory,
    TMPDIR: input.directory,
    ...input.env,
    PORT: String(input.port),
    GCE_METADATA_HOST: metadataHost,
    GCE_METADATA_IP: metadataHost,
    VERTEXAI_API_BASE: geminiUrl,
    GEMINI_API_BASE: geminiUrl,
    ...input.providers,
    ...(proxy !== undefined && {
      HTTP_PROXY: proxy,
      HTTPS_PROXY: proxy,
      NO_PROXY: ON_THIS_MACHINE,
    }),
  };
}
