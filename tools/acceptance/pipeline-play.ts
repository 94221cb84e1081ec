import { setTimeout } from "node:timers/promises";
import { submitBuild } from "../../scripts/lib/google/commands/builds.ts";
import { describePipeline } from "../../scripts/lib/google/commands/deploy.ts";
import { inRegion } from "../../scripts/lib/google/places.ts";
import {
  type PipelinePlace,
  placeOf,
} from "../../scripts/lib/pipeline/place.ts";
import type { Settings } from "../../scripts/lib/settings/settings.ts";
import { addMissingModel } from "./missing-model.ts";
import { type Question, readError, readOutput } from "./question.ts";
import type { Scene } from "./scene.ts";
import type { Play, Step } from "./step.ts";

/** Seconds between two looks at a stage, and how many. */
const PAUSE = 15;
const MOST_LOOKS = 120;

/** The way to production: set up, three releases of which the last is broken, promotion, canary, repair, rollback. */
export function pipelinePlay(
  stages: readonly [Settings, ...Settings[]],
  pause = PAUSE,
): Play {
  const [first, second] = stages;
  const last = stages.at(-1) ?? first;
  const place = placeOf(first, "litellm");
  const { config } = first;
  const promote: Step["run"] = async ({ script }) => {
    if (second === undefined) return;
    await script("promote", second.env, "--yes");
    await script("promote", second.env, "--approve", "--yes");
  };
  return {
    steps: [
      {
        id: "setup",
        title: "The pipeline set up",
        run: async ({ script, edit }) => {
          await edit("clouddeploy.yaml", (text) =>
            text.replaceAll(/wait: \d+m/g, "wait: 1m"),
          );
          await script("setup", "--yes");
        },
        questions: [emptyPhase(place), missingRelease(place)],
      },
      {
        id: "release",
        title: "A first release, through the first stage",
        run: (scene) => build(scene, place),
      },
      { id: "promote", title: "It is promoted and approved", run: promote },
      {
        id: "arrive",
        title: "It arrives in the last stage by itself",
        run: (scene) => untilServed(scene, last.env, pause),
      },
      {
        id: "change",
        title: "A second release: a canary in the first stage",
        run: async (scene) => {
          await scene.edit(config, (text) => `${text}\n# Changed.\n`);
          await build(scene, place);
        },
      },
      { id: "canary", title: "A canary in the second stage", run: promote },
      {
        id: "broken",
        title: "A broken release, repaired in the first stage",
        run: async (scene) => {
          await scene.edit(config, addMissingModel);
          const { exitCode } = await scene.gcloud(submitBuild(place).args);
          if (exitCode === 0)
            throw new Error("the broken release went through");
          await untilServed(scene, first.env, pause);
        },
      },
      {
        id: "rollback",
        title: "The second stage goes back to the release before",
        run: async ({ script }) => {
          if (second !== undefined)
            await script("rollback", second.env, "--yes");
        },
      },
    ],
    removal: [
      {
        id: "remove-pipeline",
        title: "The pipeline removed",
        run: async ({ script }) => {
          await script("setup", "--remove", "--yes");
        },
      },
      ...stages.map(({ env }) => ({
        id: `clean-${env}`,
        title: `Everything of ${env} removed`,
        run: async ({ script }: Scene) => {
          await script("clean", env, "--yes", `--confirm=${env}`);
        },
      })),
    ],
  };
}

async function build(scene: Scene, place: PipelinePlace): Promise<void> {
  const { exitCode, stdout, stderr } = await scene.gcloud(
    submitBuild(place).args,
  );
  if (exitCode !== 0) throw new Error(`the build failed:\n${stdout}${stderr}`);
}

/** Until the newest rollout of a stage has succeeded. Throws where it takes half an hour. */
async function untilServed(
  { tryScript }: Scene,
  env: string,
  pause: number,
): Promise<void> {
  let told = "";
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const { stdout, stderr } = await tryScript("status", env, "--json");
    if (stateOf(stdout) === "SUCCEEDED") return;
    told = stdout + stderr;
    await setTimeout(pause * 1000);
  }
  throw new Error(`the newest rollout of ${env} did not succeed:\n${told}`);
}

/** Of the newest rollout, from what `status --json` prints; undefined where there is none yet. */
function stateOf(printed: string): string | undefined {
  if (printed === "") return undefined;
  const [status] = JSON.parse(printed) as {
    serving?: { pipeline?: { rollouts: { state: string }[] } | null } | null;
  }[];
  return status?.serving?.pipeline?.rollouts[0]?.state;
}

function emptyPhase(place: PipelinePlace): Question {
  return {
    belief: "deploy-zero",
    question: "How does a phase of 0 % come back?",
    ask: () => [...describePipeline(place).args, "--format=json"],
    read: (answer) => {
      const [, phase = "none"] =
        /"phaseConfigs": \[\s*(\{[^}]*"phaseId": "canary-0"[^}]*)/.exec(
          readOutput(answer),
        ) ?? [];
      return /"percentage": (\d+)/.exec(phase)?.[1] ?? "left out";
    },
    rehearsed: "0",
  };
}

function missingRelease(place: PipelinePlace): Question {
  return {
    belief: "deploy-rollouts",
    question: "What is said of a release that is not there?",
    ask: () => [
      ...["deploy", "releases", "describe", "acceptance-missing"],
      `--delivery-pipeline=${place.pipeline}`,
      ...inRegion(place),
    ],
    read: readError,
    rehearsed:
      "NOT_FOUND: Resource 'projects/PROJECT/locations/us-central1/deliveryPipelines/litellm/releases/acceptance-missing' was not found.",
  };
}
