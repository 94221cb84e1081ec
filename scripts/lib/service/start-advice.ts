import type { Settings } from "../settings/settings.ts";

/** What mends a revision that does not start, by what it wrote; undefined: that says nothing known. */
export function adviseOnStart(
  lines: readonly string[],
  { env }: Pick<Settings, "env">,
): string | undefined {
  const text = lines.join("\n");
  for (const [pattern, advise] of ADVICE) {
    const found = pattern.exec(text);
    if (found !== null) return advise(`envs/${env}.env`, found[1] ?? "");
  }
  return undefined;
}

/** The first that fits. */
const ADVICE: readonly [
  pattern: RegExp,
  advise: (envFile: string, found: string) => string,
][] = [
  [
    /Memory limit of /,
    (envFile) =>
      `It ran out of memory: raise MEMORY in ${envFile}, and deploy again.`,
  ],
  [
    /ModuleNotFoundError: No module named '([\w.]+)'/,
    (envFile, module) =>
      `The image has no Python module ${module}: correct what names it in the config (callbacks, custom_…) or imports it, or set an IMAGE in ${envFile} that has it. Then deploy again.`,
  ],
  [
    // Of `os.environ["NAME"]`.
    /KeyError: '([A-Z][A-Z0-9_]*)'/,
    (envFile, name) =>
      `If ${name} is a variable that your Python reads: the service has none of that name. Name it in PLAIN_VARIABLES in ${envFile} and write ${name}=… there, or in SECRET_VARIABLES where it is a secret. Then deploy again.`,
  ],
  [
    // Google's words of a container that runs and does not answer.
    /probe failed \d+ times? consecutively .* on port (\d+)/,
    (envFile, port) =>
      `It ran, and nothing answered on port ${port}. In config/service.yaml --port, containerPort and the probes have to name the same port. Where they do, it was too slow: raise CPU in ${envFile}. Then deploy again.`,
  ],
];
