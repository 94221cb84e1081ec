import type { Metadata, RevisionSpec, Service } from "./knative.ts";
import type { Mode } from "../settings/mode.ts";

/** On a revision: the mode that it was made with. */
export const MODE = "litellm-cloudrun-mode";

/** Up to 0.2 only MODE=apikey had this key, and no revision said its mode. */
const APIKEY_VARIABLE = "GEMINI_API_KEY";

/** The mode that a revision was made with. */
export function modeOf(
  metadata: Partial<Metadata> | undefined,
  { containers }: RevisionSpec,
): Mode {
  const said = metadata?.annotations?.[MODE];
  if (said === "vertex" || said === "apikey") return said;
  const env = containers.flatMap((container) => container.env ?? []);
  return env.some(({ name }) => name === APIKEY_VARIABLE) ? "apikey" : "vertex";
}

/** The mode of a release's stage, by its parameters. */
export function modeOfParameters(
  parameters: Readonly<Record<string, string>>,
): Mode {
  const { mode: said, geminiKeyVersion } = parameters;
  if (said === "vertex" || said === "apikey") return said;
  return geminiKeyVersion === undefined ? "vertex" : "apikey";
}

/** Marks the manifest's revision. */
export function withMode(manifest: Service, mode: Mode): Service {
  const { template } = manifest.spec;
  const annotations = { ...template.metadata?.annotations, [MODE]: mode };
  const metadata = { ...template.metadata, annotations };
  const spec = { ...manifest.spec, template: { ...template, metadata } };
  return { ...manifest, spec };
}
