import type { ReadApi } from "../google/rest.ts";
import { readLitellmConfig } from "../litellm-config/check-litellm-config.ts";
import type { ClientModel } from "../litellm-config/client-models.ts";
import type { Finding as ConfigFinding } from "../litellm-config/finding.ts";
import { checkConfig } from "../litellm-config/load-config.ts";
import type { Settings } from "../settings/settings.ts";
import { ApiError } from "../google/api-error.ts";
import { MODEL_LOCATIONS, widerThan } from "../google/model-locations.ts";
import { type Finding, ok, problem, unlooked, warning } from "./finding.ts";
import { type Seen, look } from "./seen.ts";

/** The env's LiteLLM config, right or wrong. */
export interface ExaminedConfig {
  file: string;
  findings: ConfigFinding[];
  models: ClientModel[];
}

/** Throws InputError where it cannot be read. */
export function examineConfig(
  settings: Settings,
  manifest: string,
  today: Date,
): ExaminedConfig {
  const { set, text, findings } = checkConfig(settings, manifest, today);
  const { file, others } = set;
  const models = readLitellmConfig(text, others)?.models ?? [];
  return { file, findings, models };
}

/** What `npm run validate` says: models that LiteLLM does not know, or that retire, are among it. */
export function judgeConfig({ file, findings }: ExaminedConfig): Finding[] {
  if (findings.length === 0) return [ok("config", file)];
  return findings.map(({ severity, file: where, line, message, hint }) => {
    const detail = `${where}:${line}: ${message}`;
    return severity === "error"
      ? problem("config", detail, hint)
      : warning("config", detail, hint);
  });
}

/** A model at a location of Vertex AI. */
export interface Placed {
  model: string;
  location: string;
}

/** Whether Google has a model there. */
export interface Asked extends Placed {
  there: Seen<boolean>;
}

/**
 * Gemini's chat models, each once. What counting cannot tell is left to verify:
 * embeddings, other makers' models, the multi-regions, and MODE=apikey, whose key is only read by the service.
 */
export function listPlaced(
  { mode, modelRegion }: Settings,
  models: readonly ClientModel[],
): Placed[] {
  if (mode !== "vertex") return [];
  const placed = models
    .filter(({ kind }) => kind === "chat")
    .flatMap(({ deployments }) => deployments)
    .map(({ model, location = modelRegion }) => ({ model, location }))
    .filter(({ model }) => model.startsWith("vertex_ai/gemini-"))
    .filter(({ location }) => location === "global" || location.includes("-"));
  const byName = placed.map(
    (one) => [`${one.model} ${one.location}`, one] as const,
  );
  return [...new Map(byName).values()];
}

/**
 * Counts the tokens of one word: "There's no charge or quota restriction for
 * using the CountTokens API" (Firebase docs, "Count tokens", Vertex AI).
 */
export async function askModels(
  read: ReadApi,
  { projectId }: Settings,
  placed: readonly Placed[],
): Promise<Asked[]> {
  return Promise.all(
    placed.map(async ({ model, location }) => {
      const name = model.slice("vertex_ai/".length);
      const answer = read({
        api: "aiplatform",
        path: `v1/projects/${projectId}/locations/${location}/publishers/google/models/${name}:countTokens`,
        ...(location !== "global" && { region: location }),
        body: { contents: [{ role: "user", parts: [{ text: "ping" }] }] },
      });
      const there = answer.then((counted) => counted !== undefined);
      return { model, location, there: await look(there) };
    }),
  );
}

/** `enabled`: Vertex AI is; without it every model looks absent. */
export function judgeModels(
  settings: Settings,
  asked: readonly Asked[],
  enabled: boolean,
): Finding[] {
  const check = "models";
  const rest = "the command verify asks them";
  if (asked.length === 0) return [ok(check, `not asked from here: ${rest}`)];
  if (!enabled) {
    return [warning(check, "could not be looked at: Vertex AI is not enabled")];
  }
  const absent = asked
    .filter(({ there }) => "value" in there && !there.value)
    .map(({ model, location }) =>
      problem(
        check,
        `${model} is not in ${location}, or not for this project`,
        hintAbsent(settings, location),
      ),
    );
  const unseen = asked.flatMap(({ there }) =>
    "reason" in there ? [there.reason] : [],
  );
  const [first] = unseen;
  const found = asked.length - absent.length - unseen.length;
  return [
    ...absent,
    ...(first === undefined
      ? []
      : first instanceof ApiError && first.status === 403
        ? [
            ok(
              check,
              `this account may not ask them (the service's may): ${rest}`,
            ),
          ]
        : [unlooked(check, first)]),
    ...(found === 0
      ? []
      : [
          ok(
            check,
            `chat models found at their location: ${found} of ${asked.length}; ${rest} all`,
          ),
        ]),
  ];
}

function hintAbsent({ env, config }: Settings, location: string): string {
  const another = `take another model in ${config}. Which location has which model: ${MODEL_LOCATIONS}`;
  const [wider] = widerThan(location);
  return wider === undefined
    ? `Check its name and whether it is retired, or ${another}`
    : `Regions get no new models: set MODEL_REGION=${wider} in envs/${env}.env (or vertex_location on the deployment), or ${another}`;
}
