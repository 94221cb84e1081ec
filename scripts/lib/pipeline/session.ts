import { InputError } from "../cli/errors.ts";
import { hideSecrets } from "../cli/hide-secrets.ts";
import { scriptCommand } from "../cli/script-command.ts";
import { suggest } from "../cli/suggest.ts";
import { type GcloudContext, readGcloudContext } from "../google/context.ts";
import { type ReadApi, createApiReader } from "../google/rest.ts";
import { confirmGuess, refuseDemoProject } from "../service/session.ts";
import { listEnvs, readEnvFiles } from "../settings/env-file.ts";
import { openPayloads } from "../google/secret-payloads.ts";
import type { PayloadEffects } from "../service/effects.ts";
import { loadSettings, withholdKeysOf } from "../settings/load-settings.ts";
import { isRehearsalProject, type Settings } from "../settings/settings.ts";
import { say } from "../cli/terminal.ts";
import {
  checkStages,
  checkTargetParameters,
  checkTogether,
} from "./check-pipeline.ts";
import {
  PIPELINE_FILE,
  type PipelineFile,
  readPipelineFile,
} from "./pipeline-file.ts";
import { type PipelinePlace, placeOf } from "./place.ts";

/** The whole pipeline of one run: who gcloud is, clouddeploy.yaml, and the env of each stage. */
export interface PipelineSession {
  context: GcloudContext;
  file: PipelineFile;
  /** In the order of the stages. */
  stages: readonly [Settings, ...Settings[]];
  place: PipelinePlace;
  /** Reads with the pipeline's project as quota project. */
  read: ReadApi;
  /** Reads with another project as quota project. */
  readAs: (projectId: string) => ReadApi;
  payloads: PayloadEffects["payloads"];
}

/**
 * Opens every env that is a stage. Throws one InputError with everything that
 * does not fit together, before anything is read.
 */
export async function openPipeline(options: {
  yes: boolean;
  /** One that was named: a misspelt one is told before gcloud asks for a login. */
  stage?: string | undefined;
}): Promise<PipelineSession> {
  const file = readPipelineFile();
  refuse(checkStages(file, listEnvs().map(readDirect)));
  requireStage(file, options.stage);
  withholdKeysOf(file.stages.map(({ env }) => env));
  const context = await readGcloudContext();
  const stages = await loadStages(context, file, options.yes);
  const [first] = stages;
  refuse([...checkTogether(stages), ...checkTargetParameters(file)]);
  const place = placeOf(first, file.pipeline.metadata.name);
  const readAs = (projectId: string): ReadApi =>
    createApiReader(context, projectId);
  say(
    `pipeline ${place.pipeline} in ${place.projectId}, ${place.region}: ${stages.map((s) => s.env).join(" → ")}`,
  );
  return {
    context,
    file,
    stages,
    place,
    read: readAs(place.projectId),
    readAs,
    payloads: openPayloads(context),
  };
}

/** Throws InputError for one that the pipeline does not have. */
export function requireStage(
  { stages }: Pick<PipelineFile, "stages">,
  named: string | undefined,
): void {
  const names = stages.map(({ env }) => env);
  if (named === undefined || names.includes(named)) return;
  const near = suggest(named, names);
  const shown = hideSecrets(named);
  throw new InputError(`${shown} is no stage of ${PIPELINE_FILE}`, {
    hint:
      near === undefined
        ? `The stages are ${names.join(", ")}. Deploy an env that is none: ${scriptCommand("deploy", shown)}`
        : `Did you mean "${near}"?`,
  });
}

async function loadStages(
  context: GcloudContext,
  file: PipelineFile,
  yes: boolean,
): Promise<PipelineSession["stages"]> {
  const stages: Settings[] = [];
  const confirmed: string[] = [];
  for (const { env } of file.stages) {
    const { settings, fromShell, guessed } = loadSettings(env, {
      PROJECT_ID: context.properties.core?.project,
      REGION: context.properties.run?.region,
    });
    refuseDemoProject(context, settings);
    if (fromShell.length > 0) {
      say(`${env}, from the shell: ${fromShell.join(" ")}`);
    }
    const asked = guessed.filter((guess) => !confirmed.includes(guess));
    const agreed = yes || isRehearsalProject(settings.projectId);
    if (asked.length > 0) await confirmGuess(env, asked, agreed);
    confirmed.push(...asked);
    stages.push(settings);
  }
  const [first, ...rest] = stages;
  if (first === undefined) throw new Error("a pipeline without a stage");
  return [first, ...rest];
}

function readDirect(env: string): { env: string; direct: boolean } {
  return {
    env,
    direct: readEnvFiles(env).get("DELIVERY")?.value === "direct",
  };
}

function refuse(problems: string[]): void {
  if (problems.length === 0) return;
  throw new InputError(
    ["the pipeline cannot be made:", ...problems].join("\n  "),
  );
}
