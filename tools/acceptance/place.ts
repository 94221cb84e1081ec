import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { InputError } from "../../scripts/lib/cli/errors.ts";
import { readGcloudContext } from "../../scripts/lib/google/context.ts";
import { createApiReader } from "../../scripts/lib/google/rest.ts";
import { openPipeline } from "../../scripts/lib/pipeline/session.ts";
import { refuseDemoProject } from "../../scripts/lib/service/session.ts";
import { listSecrets } from "../../scripts/lib/service/state/state.ts";
import { readState } from "../../scripts/lib/service/state/read-state.ts";
import { loadSettings } from "../../scripts/lib/settings/load-settings.ts";
import type { Settings } from "../../scripts/lib/settings/settings.ts";
import type { Projects } from "./mask.ts";
import type { Circumstances } from "./report.ts";

/** Where it is played. */
export interface Place {
  settings: Settings;
  /** The env alone, or each stage of clouddeploy.yaml. */
  stages: readonly [Settings, ...Settings[]];
  projects: Projects;
  circumstances: Circumstances;
}

/** Throws InputError where an env has something already: everything that it has is removed at the end. */
export async function readPlace(
  env: string,
  { pipeline, isNew }: { pipeline: boolean; isNew: boolean },
): Promise<Place> {
  // A folder is named by it, and removed.
  if (!/^[\w-]+$/.test(env)) {
    throw new InputError("which env is to be made, broken and removed?", {
      hint: "Usage: npm run acceptance -- ENV [--pipeline]",
    });
  }
  const context = await readGcloudContext();
  const { core, run } = context.properties;
  const guesses = { PROJECT_ID: core?.project, REGION: run?.region };
  const { settings } = loadSettings(env, guesses);
  refuseDemoProject(context, settings);
  const stages: Place["stages"] = pipeline
    ? (await openPipeline({ yes: true })).stages
    : [settings];
  if (pipeline && !stages.some((stage) => stage.env === env)) {
    throw new InputError(`env ${env} is no stage of clouddeploy.yaml`, {
      hint: `--pipeline takes one of: ${stages.map((s) => s.env).join(", ")}`,
    });
  }
  const projects: { projectId: string; projectNumber: string }[] = [];
  for (const stage of stages) {
    const state = await readState(
      createApiReader(context, stage.projectId),
      stage,
    );
    projects.push(state.project);
    const has = [
      ...(state.service === undefined ? [] : [`service ${stage.service}`]),
      ...(state.serviceAccount === undefined ? [] : [stage.serviceAccount]),
      ...listSecrets(state).map(({ name }) => `secret ${name}`),
    ];
    if (isNew && has.length > 0) {
      throw new InputError(
        `${stage.projectId} has something of env ${stage.env} already: ${has.join(", ")}`,
        {
          hint: "Everything of the env is removed at the end: take a project of its own, or other names in an env file of its own.",
        },
      );
    }
  }
  const { region, mode, image } = settings;
  return {
    settings,
    stages,
    projects,
    circumstances: {
      date: new Date().toISOString().slice(0, 10),
      commit: await readFirstLine("git", ["rev-parse", "HEAD"]),
      gcloud: await readFirstLine("gcloud", ["--version"]),
      region,
      mode,
      image,
      pipeline,
    },
  };
}

/** `unknown` where the program cannot tell. */
async function readFirstLine(program: string, args: string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, args);
    return stdout.split("\n")[0] ?? "";
  } catch {
    return "unknown";
  }
}
