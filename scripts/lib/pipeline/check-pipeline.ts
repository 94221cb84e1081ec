import type { Settings } from "../settings/settings.ts";
import type { PipelineFile } from "./pipeline-file.ts";
import { PIPELINE_FILE } from "./pipeline-file.ts";

/** Cloud Deploy docs, "Pass deploy parameters": limits of one source. */
const MOST_PARAMETERS = 50;
const LONGEST_VALUE = 512;
const RESERVED_PREFIX = "CLOUD_DEPLOY_";

/** A rollout's id has 63 characters at most (discovery document of Cloud Deploy v1): `r-<12 hex>-dirty-NN-now-N-to-ENV-NNNN`. */
const STAGE = /^[a-z]([a-z0-9-]{0,23}[a-z0-9])?$/;

/** An env file, as far as the pipeline is concerned. */
export interface EnvFile {
  env: string;
  /** Whether it says DELIVERY=direct. */
  direct: boolean;
}

/** Stages without an env, and envs without a stage. Each problem names both files. */
export function checkStages(
  file: PipelineFile,
  envFiles: readonly EnvFile[],
): string[] {
  const stageNames = file.stages.map((s) => s.env);
  return [
    ...file.stages.flatMap(({ env, from }, index) => {
      const envFile = envFiles.find((e) => e.env === env);
      if (stageNames.indexOf(env) !== index) {
        return [`${from}: stage ${env} stands there twice`];
      }
      if (!STAGE.test(env)) {
        return [
          `${from}: stage ${env}: expected at most 25 lower-case letters, digits and hyphens, beginning with a letter: Cloud Deploy's names of rollouts hold it`,
        ];
      }
      if (envFile === undefined) {
        return [
          `${from}: stage ${env} has no env file: make envs/${env}.env, or remove the stage`,
        ];
      }
      return envFile.direct
        ? [
            `${from}: ${env} is a stage, but envs/${env}.env says DELIVERY=direct: remove one of the two`,
          ]
        : [];
    }),
    ...envFiles
      .filter(({ env, direct }) => !direct && !stageNames.includes(env))
      .map(
        ({ env }) =>
          `envs/${env}.env: no stage of ${PIPELINE_FILE} is called ${env}: add the stage, or DELIVERY=direct to the env file`,
      ),
    ...checkTargets(file, stageNames),
  ];
}

function checkTargets(file: PipelineFile, stages: string[]): string[] {
  const pipeline = file.pipeline.metadata.name;
  return [
    ...file.targets
      .map((t) => t.metadata.name)
      .filter((name) => !stages.includes(name))
      .map(
        (name) =>
          `${PIPELINE_FILE}: target ${name} is no stage: the stages are ${stages.join(", ")}`,
      ),
    ...file.automations
      .map((a) => a.metadata.name)
      .filter((name) => !name.startsWith(`${pipeline}/`))
      .map(
        (name) =>
          `${PIPELINE_FILE}: automation ${name}: expected ${pipeline}/NAME`,
      ),
  ];
}

/** What one release cannot bring to all stages. `stages` are in the file's order. */
export function checkTogether(stages: readonly Settings[]): string[] {
  const [first, ...rest] = stages;
  if (first === undefined) return [];
  const shared: [
    string,
    "mode" | "config" | "clientKeys" | "image" | "warm",
  ][] = [
    ["MODE", "mode"],
    ["CONFIG", "config"],
    ["CLIENT_KEYS", "clientKeys"],
    ["IMAGE", "image"],
    ["WARM", "warm"],
  ];
  return rest.flatMap((settings, index) => [
    ...shared
      .filter(([, field]) => settings[field] !== first[field])
      // The config's path follows the mode.
      .filter(([name]) => name !== "CONFIG" || settings.mode === first.mode)
      .map(
        ([name, field]) =>
          `envs/${settings.env}.env: ${name}=${String(settings[field])}, but envs/${first.env}.env has ${String(first[field])}: one release has one ${name}`,
      ),
    ...stages
      .slice(0, index + 1)
      .filter((other) => isSameService(other, settings))
      .map(
        (other) =>
          `envs/${settings.env}.env: the same service as envs/${other.env}.env (${settings.service} in ${settings.projectId}, ${settings.region}): choose another SERVICE or REGION`,
      ),
  ]);
}

function isSameService(a: Settings, b: Settings): boolean {
  return (
    a.service === b.service &&
    a.projectId === b.projectId &&
    a.region === b.region
  );
}

/** What Cloud Deploy would refuse only when it renders. `from`: whose parameters they are. */
export function checkParameters(
  from: string,
  parameters: Readonly<Record<string, string>>,
): string[] {
  const entries = Object.entries(parameters);
  return [
    ...entries
      .filter(([name]) => name.startsWith(RESERVED_PREFIX))
      .map(
        ([name]) =>
          `${from}: parameter ${name}: Cloud Deploy keeps names that begin with ${RESERVED_PREFIX} for itself`,
      ),
    ...entries
      .filter(([, value]) => value.length > LONGEST_VALUE)
      .map(
        ([name, value]) =>
          `${from}: parameter ${name} has ${String(value.length)} characters: Cloud Deploy takes at most ${String(LONGEST_VALUE)}`,
      ),
    ...(entries.length > MOST_PARAMETERS
      ? [
          `${from}: ${String(entries.length)} parameters: Cloud Deploy takes at most ${String(MOST_PARAMETERS)}`,
        ]
      : []),
  ];
}

/** What Cloud Deploy would refuse of the targets' own parameters. */
export function checkTargetParameters({ targets }: PipelineFile): string[] {
  return targets.flatMap((target) =>
    checkParameters(
      `target ${target.metadata.name}`,
      (target.deployParameters ?? {}) as Record<string, string>,
    ),
  );
}
