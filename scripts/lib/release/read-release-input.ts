import { loadConfig, requireConfig } from "../litellm-config/load-config.ts";
import { scriptCommand } from "../cli/script-command.ts";
import { InputError, UserError } from "../cli/errors.ts";
import { collectKeys } from "../service/keys.ts";
import { readManifest } from "../manifest/render-manifest.ts";
import type { ConfigContent } from "../litellm-config/config-content.ts";
import type { NewKeys } from "../service/prepare/input.ts";
import type { ReleaseInput, ReleaseState } from "./plan-release.ts";
import type { StageInput } from "./plan-stages.ts";
import { checkPreconditions } from "../service/preflight.ts";
import { readProcessEnv } from "../cli/process-env.ts";
import { readPipelineResources } from "../pipeline/read-pipeline.ts";
import { readRelease, readReleases, readRollouts } from "./read-releases.ts";
import { type Release, findCurrent, releaseOf } from "./release-state.ts";
import { readState } from "../service/state/read-state.ts";
import type { State } from "../service/state/state.ts";
import { say } from "../cli/terminal.ts";
import { readCommit } from "./commit.ts";
import { readImage, readToolsImage } from "./image.ts";
import type { PipelineSession } from "../pipeline/session.ts";
import { nameRelease } from "./release-name.ts";
import { readSkaffold } from "./stage-source.ts";

/** What this folder says, apart from what the cloud holds. */
export interface ReleaseFiles {
  config: ConfigContent;
  manifest: string;
  skaffold: string;
  /** The release's name, without a number behind it. */
  base: string;
}

/** Reads what is released. Throws InputError where a file is not right; warns of a dirty work tree. */
export async function readReleaseFiles(
  { stages }: PipelineSession,
  env: string | undefined,
): Promise<ReleaseFiles> {
  const [first, ...others] = stages;
  requireFirst(first.env, env);
  const manifest = readManifest();
  const config = loadConfig(first, manifest);
  // The same file, in the environment of each.
  for (const stage of others) requireConfig(stage, manifest);
  const skaffold = readSkaffold();
  const commit = await readCommit();
  if (commit?.dirty === true) {
    say(
      "WARNING: the work tree has changes that are in no commit: they are released, and the release is called dirty",
    );
  }
  const base = nameRelease(commit, new Date());
  return { config, manifest, skaffold, base };
}

/**
 * Reads what the cloud holds of it, in one parallel round, and checks every
 * stage before anything is written. `tools`: the tools image that was asked for.
 */
export async function readReleaseInput(
  session: PipelineSession,
  files: ReleaseFiles,
  tools?: string,
): Promise<{ input: ReleaseInput; state: ReleaseState }> {
  const { place, file, read, stages } = session;
  const [first] = stages;
  const others = Promise.all([
    readPipelineResources(read, place),
    readImage(read, first, place),
    readToolsImage(read, place, tools ?? namedTools()),
    readReleases(read, place, files.base),
    readRollouts(read, place, first.env),
  ]);
  // Told only once the projects are known to be right.
  others.catch(() => undefined);
  const current = Promise.all(
    stages.map(({ env }) => readCurrent(read, place, env)),
  );
  current.catch(() => undefined);
  const states = await Promise.all(
    stages.map((s) => readState(session.readAs(s.projectId), s)),
  );
  const [pipeline, image, toolsImage, releases, rollouts] = await others;
  if (pipeline.pipeline === undefined) {
    throw new UserError(
      `there is no pipeline ${place.pipeline} in ${place.projectId}, ${place.region}`,
      { hint: `Set it up once: ${scriptCommand("setup")}` },
    );
  }
  const inputs = await collectStages(session, states, await current);
  const { base, config, skaffold, manifest } = files;
  return {
    input: {
      place,
      file,
      stages: inputs,
      config,
      texts: { skaffold, manifest },
      tools: toolsImage,
      image,
      base,
      now: new Date().toISOString(),
    },
    state: { pipeline, releases, rollouts },
  };
}

/** The release that a stage has. */
async function readCurrent(
  read: PipelineSession["read"],
  place: PipelineSession["place"],
  env: string,
): Promise<Release | undefined> {
  const current = findCurrent(await readRollouts(read, place, env));
  return current && readRelease(read, place, releaseOf(current));
}

/** Throws InputError for a later stage than the first. */
function requireFirst(first: string, env: string | undefined): void {
  if (env === undefined || env === first) return;
  throw new InputError(
    `a release begins in ${first}: it reaches ${env} when it was verified before`,
    { hint: `Promote it: ${scriptCommand("promote", env)}` },
  );
}

/** Stages that share a project and a key's secret share the key too. */
async function collectStages(
  session: PipelineSession,
  states: readonly State[],
  current: readonly (Release | undefined)[],
): Promise<ReleaseInput["stages"]> {
  const collected = new Map<string, NewKeys>();
  const inputs: StageInput[] = [];
  for (const [index, settings] of session.stages.entries()) {
    const state = states[index];
    if (state === undefined) continue;
    checkPreconditions(settings, state, { force: true });
    const { projectId } = settings;
    const secrets = settings.keys.map(({ secret }) => secret);
    const id = [projectId, ...secrets].join(" ");
    const payloads = session.payloads(projectId);
    const keys =
      collected.get(id) ?? (await collectKeys(settings, state, payloads, {}));
    collected.set(id, keys);
    inputs.push({ settings, keys, state, current: current[index] });
  }
  const [first, ...rest] = inputs;
  if (first === undefined) throw new Error("a pipeline without a stage");
  return [first, ...rest];
}

/** TOOLS_IMAGE: Cloud Build names the one that it has just built. */
function namedTools(): string | undefined {
  const { TOOLS_IMAGE: named } = readProcessEnv();
  return named === "" ? undefined : named;
}
